using System.Text;

namespace Recommender.Interactions;

/// <summary>
/// The shop's ids and the dense numbers 0 to <see cref="Count"/> - 1 that stand for them in matrices. Immutable; made by a
/// <see cref="VocabularyBuilder"/> or read from a file of UTF-8 lines, in which line k is the id of number k.
/// In a line, backslash, line feed and carriage return are written <c>\\</c>, <c>\n</c>, <c>\r</c>, so that any id survives.
/// </summary>
public sealed class Vocabulary
{
    private readonly Dictionary<string, int> _numbers;
    private readonly List<string> _ids;

    internal Vocabulary(Dictionary<string, int> numbers, List<string> ids)
    {
        _numbers = numbers;
        _ids = ids;
    }

    public static Vocabulary Empty { get; } = new VocabularyBuilder().Build();

    public int Count => _ids.Count;

    /// <summary>The id of a number.</summary>
    public string this[int number] => _ids[number];

    public bool TryGetNumber(string id, out int number) => _numbers.TryGetValue(id, out number);

    /// <summary>As the overload for strings, without making one.</summary>
    public bool TryGetNumber(ReadOnlySpan<char> id, out int number) =>
        _numbers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out number);

    /// <summary>Writes one line an id. The stream is left open.</summary>
    public void WriteTo(Stream stream)
    {
        using var writer = new StreamWriter(stream, Strict, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        foreach (string id in _ids) writer.WriteLine(Escape(id));
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote. The stream is left open.</summary>
    /// <exception cref="InvalidDataException">An id twice, an unknown escape, or bytes that are not UTF-8.</exception>
    public static Vocabulary ReadFrom(Stream stream)
    {
        var builder = new VocabularyBuilder();
        using var reader = new StreamReader(stream, Strict, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
        try
        {
            while (reader.ReadLine() is { } line)
            {
                string id = Unescape(line, builder.Count + 1);
                int expected = builder.Count;
                if (builder.Add(id) != expected) throw new InvalidDataException($"Line {expected + 1} repeats the id '{id}' of an earlier line.");
            }
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"The bytes after line {builder.Count} are not UTF-8.", e);
        }
        return builder.Build();
    }

    private static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static string Escape(string id) => id.AsSpan().IndexOfAny('\\', '\n', '\r') < 0
        ? id
        : id.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescape(string line, int lineNumber)
    {
        if (!line.Contains('\\', StringComparison.Ordinal)) return line;
        var id = new StringBuilder(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                id.Append(line[i]);
                continue;
            }
            i++;
            id.Append(i < line.Length ? line[i] switch { '\\' => '\\', 'n' => '\n', 'r' => '\r', _ => throw BadEscape() } : throw BadEscape());
        }
        return id.ToString();

        InvalidDataException BadEscape() => new($"Line {lineNumber} has a backslash that starts none of \\\\, \\n, \\r: '{line}'.");
    }
}
