using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Recommender.Server;

/// <summary>Where the next page begins, as text that clients only hand back. It is stateless: any server of the shop can go on.</summary>
internal static class PageToken
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The page begins after an id.</summary>
    public static string After(string id) => Write('a', id);

    /// <summary>An empty token is the first page: <paramref name="id"/> is then null.</summary>
    public static bool TryReadAfter(string token, out string? id)
    {
        id = null;
        return token.Length == 0 || TryRead(token, 'a', out id);
    }

    /// <summary>The page begins at an offset of an answer to the request with this fingerprint.</summary>
    public static string Offset(int offset, uint fingerprint) => Write('o', string.Create(CultureInfo.InvariantCulture, $"{offset}:{fingerprint:x8}"));

    /// <summary>An empty token is offset 0; false if it is no token or belongs to another request.</summary>
    public static bool TryReadOffset(string token, uint fingerprint, int atMost, out int offset)
    {
        offset = 0;
        if (token.Length == 0) return true;
        if (!TryRead(token, 'o', out string? text) || text!.Split(':') is not [var number, var print]) return false;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out offset) && offset <= atMost
            && uint.TryParse(print, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint given) && given == fingerprint;
    }

    /// <summary>A batch goes on there; what the text says is the batch's.</summary>
    public static string Batch(string text) => Write('b', text);

    public static bool TryReadBatch(string token, out string? text) => TryRead(token, 'b', out text);

    private static string Write(char kind, string text) => Base64Url.EncodeToString(_strict.GetBytes(kind + text));

    private static bool TryRead(string token, char kind, out string? text)
    {
        text = null;
        byte[] bytes = new byte[token.Length];
        if (!Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out int length)) return false;
        try { text = _strict.GetString(bytes, 0, length); }
        catch (DecoderFallbackException) { return false; }
        if (text.Length == 0 || text[0] != kind) return false;
        text = text[1..];
        return true;
    }
}
