using System.Buffers;
using System.Text;

namespace Recommender;

/// <summary>The rule for every id that comes from outside: 1 to 128 bytes of UTF-8 without control characters, so that it fits keys, lines and logs.</summary>
public static class Identifier
{
    /// <summary>Bytes of UTF-8.</summary>
    public const int MaxBytes = 128;

    /// <summary>What is wrong with an id, as the end of a sentence that begins with its field; null if nothing is.</summary>
    public static string? ProblemWith(string id)
    {
        if (id.Length == 0) return "must not be empty";
        foreach (char c in id)
        {
            if (char.IsControl(c)) return $"has the control character U+{(int)c:X4}; leave it out";
        }
        if (HasLoneSurrogate(id)) return "is not valid text (half a surrogate pair)";
        int bytes = Encoding.UTF8.GetByteCount(id);
        return bytes > MaxBytes ? $"has {bytes} bytes, at most {MaxBytes} are allowed" : null;
    }

    internal static bool HasLoneSurrogate(string id)
    {
        for (int i = 0; i < id.Length;)
        {
            if (Rune.DecodeFromUtf16(id.AsSpan(i), out _, out int read) != OperationStatus.Done) return true;
            i += read;
        }
        return false;
    }
}
