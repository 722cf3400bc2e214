using System.Buffers;
using System.Globalization;
using System.Text;

namespace Recommender.Grpc.Wire;

/// <summary>grpc-message: UTF-8 where every byte outside of printable ASCII, and '%', stands as %XX.</summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<char> _safe = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(_safe))
            return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (_safe.Contains((char)value))
                encoded.Append((char)value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return encoded.ToString();
    }

    // A malformed escape stays as it is: an error's text must never hide the error.
    public static string Decode(string text) => text.Contains('%') ? Uri.UnescapeDataString(text) : text;
}
