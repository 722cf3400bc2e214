using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Recommender.MlNet;

/// <summary>Writes a <c>Model.key</c>: header, block, texts, the name of the assembly that loads it, tail.</summary>
internal sealed class ModelKeyWriter(string signature, uint written, uint readable, string loader, string assembly)
{
    /// <summary>Where transformers, chains and vocabularies are.</summary>
    public const string DataAssembly = "Microsoft.ML.Data";

    /// <summary>Where the matrix factorization is.</summary>
    public const string RecommenderAssembly = "Microsoft.ML.Recommender";

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The number by which the block refers to a text; equal ones are kept once.</summary>
    public int Text(string text)
    {
        if (_numbers.TryGetValue(text, out int number)) return number;
        _numbers.Add(text, number = _texts.Count);
        _texts.Add(text);
        return number;
    }

    /// <param name="stream">Left open.</param>
    /// <param name="blockLength">Bytes that <paramref name="writeBlock"/> writes.</param>
    /// <param name="writeBlock">Writes the block.</param>
    public void Write(Stream stream, long blockLength, Action<Stream> writeBlock)
    {
        // The version of the assembly has been the same in every release; loading needs it whole.
        byte[] name = Encoding.Unicode.GetBytes($"{assembly}, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51");
        long ends = 8L * _texts.Count, characters = 2 * _texts.Sum(text => (long)text.Length);
        long afterBlock = ModelKeyHeader.Bytes + blockLength, afterTexts = afterBlock + ends + characters, tail = afterTexts + name.Length;
        byte[] header = new byte[ModelKeyHeader.Bytes];
        Long(0x00, unchecked((long)ModelKeyHeader.FileSignature));
        Int(0x08, ModelKeyHeader.Container);
        Int(0x0C, ModelKeyHeader.Container);
        Long(0x10, ModelKeyHeader.Bytes);
        Long(0x18, blockLength);
        if (_texts.Count > 0)
        {
            Long(0x20, afterBlock);
            Long(0x28, ends);
            Long(0x30, afterBlock + ends);
            Long(0x38, characters);
        }
        Encoding.ASCII.GetBytes(signature.Replace(' ', '\0'), header.AsSpan(0x40));
        Int(0x48, written);
        Int(0x4C, readable);
        Encoding.ASCII.GetBytes(loader, header.AsSpan(0x50));
        Long(0x80, tail);
        Long(0x88, tail + 8);
        Long(0x90, afterTexts);
        Int(0x98, (uint)name.Length);
        stream.Write(header);
        writeBlock(stream);
        WriteTexts(stream);
        stream.Write(name);
        Span<byte> end = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(end, ModelKeyHeader.TailSignature);
        stream.Write(end);

        void Long(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(at), value);
        void Int(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), value);
    }

    /// <summary>As <see cref="Write(Stream, long, Action{Stream})"/>, of a block that is there.</summary>
    public void Write(Stream stream, MemoryStream block) => Write(stream, block.Length, block.WriteTo);

    private void WriteTexts(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        long end = 0;
        foreach (string text in _texts) writer.Write(end += 2L * text.Length);
        // As they are: a pair of surrogates is two characters, half a pair stays half.
        foreach (string text in _texts) writer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
