using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Recommender.Threading;

namespace Recommender.Interactions;

/// <summary>
/// The shop's ids and the dense numbers 0 to <see cref="Count"/> - 1 that stand for them in matrices. Immutable; made by a
/// <see cref="VocabularyBuilder"/> or read from a file of UTF-8 lines, in which line k is the id of number k.
/// In a line, backslash, line feed and carriage return are written <c>\\</c>, <c>\n</c>, <c>\r</c>, so that any id survives.
/// </summary>
public sealed class Vocabulary
{
    // A line has no more UTF-16 units than bytes, and hardly any has as many; longer ones are read one by one.
    private const int LongestRented = 4096;

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

    /// <summary>
    /// The string that is held here for an id. Whoever keeps this one holds no second: ids that live as long as a model are many, and
    /// moving them is most of what a collection of garbage does, for which everybody waits.
    /// </summary>
    internal bool TryGetHeld(ReadOnlySpan<char> id, [MaybeNullWhen(false)] out string held) =>
        _numbers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out held, out _);

    /// <summary>Writes one line an id. The stream is left open.</summary>
    public void WriteTo(Stream stream)
    {
        using var writer = new StreamWriter(stream, Strict, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        foreach (string id in _ids) writer.WriteLine(Escape(id));
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote, on all cores. The stream is left open.</summary>
    /// <param name="stream">Read to its end.</param>
    /// <param name="known">Whose strings are taken for the ids that are in it.</param>
    /// <exception cref="InvalidDataException">An id twice, an unknown escape, or bytes that are not UTF-8.</exception>
    public static Vocabulary ReadFrom(Stream stream, Vocabulary? known = null)
    {
        using var buffer = new MemoryStream(stream.CanSeek ? (int)Math.Min(stream.Length, Array.MaxLength) : 0);
        stream.CopyTo(buffer);
        var lines = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        List<ReadOnlyMemory<byte>> parts = PartsOf(lines);
        var ofParts = new List<string>[parts.Count];
        var problems = new (int Line, string Said, Exception? Cause)?[parts.Count];
        Parallel.For(0, parts.Count, Cores.All(CancellationToken.None), part => ofParts[part] = Read(parts[part].Span, known ?? Empty, ref problems[part]));
        var ids = new List<string>(ofParts.Sum(part => part.Count));
        for (int part = 0; part < parts.Count; part++)
        {
            if (problems[part] is { } problem) throw new InvalidDataException($"Line {ids.Count + problem.Line} {problem.Said}", problem.Cause);
            ids.AddRange(ofParts[part]);
        }
        var numbers = new Dictionary<string, int>(ids.Count, StringComparer.Ordinal);
        for (int number = 0; number < ids.Count; number++)
        {
            if (!numbers.TryAdd(ids[number], number)) throw new InvalidDataException($"Line {number + 1} repeats the id '{ids[number]}' of an earlier line.");
        }
        return new Vocabulary(numbers, ids);
    }

    // Each ends with a line.
    private static List<ReadOnlyMemory<byte>> PartsOf(ReadOnlyMemory<byte> lines)
    {
        const int PartBytes = 1 << 20;
        var parts = new List<ReadOnlyMemory<byte>>();
        while (!lines.IsEmpty)
        {
            int end = lines.Length <= PartBytes ? -1 : lines.Span[PartBytes..].IndexOf((byte)'\n');
            int length = end < 0 ? lines.Length : PartBytes + end + 1;
            parts.Add(lines[..length]);
            lines = lines[length..];
        }
        return parts;
    }

    private static List<string> Read(ReadOnlySpan<byte> lines, Vocabulary known, ref (int Line, string Said, Exception? Cause)? problem)
    {
        var ids = new List<string>();
        char[] units = ArrayPool<char>.Shared.Rent(LongestRented);
        try
        {
            while (!lines.IsEmpty)
            {
                int end = lines.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = end < 0 ? lines : lines[..end];
                ids.Add(Unescape(line.Length > units.Length ? Strict.GetString(line) : Held(units.AsSpan(0, Strict.GetChars(line, units)), known)));
                lines = end < 0 ? [] : lines[(end + 1)..];
            }
        }
        catch (DecoderFallbackException e) { problem = (ids.Count + 1, "is not UTF-8.", e); }
        catch (FormatException e) { problem = (ids.Count + 1, e.Message, null); }
        finally { ArrayPool<char>.Shared.Return(units); }
        return ids;
    }

    // A line with a backslash is not the id yet.
    private static string Held(ReadOnlySpan<char> line, Vocabulary known) =>
        !line.Contains('\\') && known.TryGetHeld(line, out string? held) ? held : new string(line);

    private static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static string Escape(string id) => id.AsSpan().IndexOfAny('\\', '\n', '\r') < 0
        ? id
        : id.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescape(string line)
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

        FormatException BadEscape() => new($"has a backslash that starts none of \\\\, \\n, \\r: '{line}'.");
    }
}
