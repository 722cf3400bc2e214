using System.Text;

namespace Recommender.Cli.Importing;

/// <summary>What may be an id: 1 to 128 bytes of UTF-8 without control characters.</summary>
internal static class IdRule
{
    public const int MaxBytes = 128;

    /// <summary>What is wrong with an id and what to do; null if nothing is.</summary>
    public static string? Problem(ReadOnlySpan<char> id)
    {
        if (id.IsEmpty) return "an id is missing; give one";
        if (id.Length > MaxBytes / 3 && Encoding.UTF8.GetByteCount(id) is int bytes && bytes > MaxBytes)
            return $"an id may have {MaxBytes} bytes and this one has {bytes}; shorten it";
        foreach (char c in id)
            if (char.IsControl(c)) return $"an id may not contain the control character U+{(int)c:X4}; remove it";
        return null;
    }
}
