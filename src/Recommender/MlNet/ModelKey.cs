using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>A <c>Model.key</c> that is small enough to be read at once: header, block and texts.</summary>
internal sealed class ModelKey
{
    private readonly string[] _texts;
    private readonly ReadOnlyMemory<byte> _block;

    private ModelKey(string name, ModelKeyHeader header, ReadOnlyMemory<byte> block, string[] texts) =>
        (Name, Header, _block, _texts) = (name, header, block, texts);

    /// <summary>Of its entry.</summary>
    public string Name { get; }

    public ModelKeyHeader Header { get; }

    public IReadOnlyList<string> Texts => _texts;

    public BlockReader Block => new(_block, $"'{Name}'");

    /// <exception cref="InvalidModelException">Missing, damaged or not of this kind.</exception>
    public static ModelKey Read(ModelEntries entries, string name)
    {
        using EntryReader entry = entries.Open(name);
        if (entry.Length < ModelKeyHeader.Bytes + 8)
            throw new InvalidModelException($"'{name}' has {entry.Length} bytes; its header alone takes {ModelKeyHeader.Bytes}.");
        byte[] bytes = entry.ReadAll();
        var header = ModelKeyHeader.Parse(name, bytes.AsSpan(0, ModelKeyHeader.Bytes), bytes.Length);
        RequireTail(name, bytes.AsSpan(bytes.Length - 8));
        int texts = ModelKeyHeader.Bytes + (int)header.BlockLength;
        return new ModelKey(name, header, bytes.AsMemory(ModelKeyHeader.Bytes, (int)header.BlockLength),
            ReadTexts(name, bytes.AsSpan(texts, header.TextCount * 8), bytes.AsSpan(texts + header.TextCount * 8, (int)header.TextBytes)));
    }

    public static void RequireTail(string name, ReadOnlySpan<byte> tail)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(tail) != ModelKeyHeader.TailSignature)
            throw new InvalidModelException($"'{name}' does not end as ML.NET's files do.");
    }

    /// <summary>The text of a number in the block.</summary>
    public string Text(int number) => (uint)number < (uint)_texts.Length
        ? _texts[number]
        : throw new InvalidModelException($"'{Name}' refers to its text {number}; it has {_texts.Length}.");

    // Each entry of the table is where its text ends.
    private static string[] ReadTexts(string name, ReadOnlySpan<byte> ends, ReadOnlySpan<byte> characters)
    {
        string[] texts = new string[ends.Length / 8];
        long start = 0;
        for (int number = 0; number < texts.Length; number++)
        {
            long end = BinaryPrimitives.ReadInt64LittleEndian(ends[(number * 8)..]);
            if (end < start || end > characters.Length || end % 2 != 0)
                throw new InvalidModelException($"'{name}' has a text {number} from byte {start} to {end} of {characters.Length}: it is damaged.");
            texts[number] = new string(MemoryMarshal.Cast<byte, char>(characters[(int)start..(int)end]));
            start = end;
        }
        return start == characters.Length
            ? texts
            : throw new InvalidModelException($"'{name}' has {characters.Length - start} bytes after its last text: it is damaged.");
    }
}
