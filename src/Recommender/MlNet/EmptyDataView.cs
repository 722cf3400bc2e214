using System.Buffers.Binary;
using System.Text;

namespace Recommender.MlNet;

/// <summary>ML.NET's binary data view with columns and no rows, which is how it saves a schema.</summary>
internal static class EmptyDataView
{
    private const int HeaderBytes = 0x100;
    private const ulong FileSignature = 0x00425644004C4D43;
    private const ulong TailSignature = 0x434D4C0044564200;
    private const long Version = 0x0001000100010006;
    private const byte Deflated = 1;

    /// <param name="stream">Left open.</param>
    /// <param name="columns">Names and the codecs of their values, as <see cref="Codec"/> and <see cref="KeyCodecOf"/> make them.</param>
    public static void Write(Stream stream, params IReadOnlyList<(string Name, byte[] Codec)> columns)
    {
        using var contents = new MemoryStream();
        using (var writer = new BinaryWriter(contents, Encoding.UTF8, leaveOpen: true))
        {
            foreach ((string name, byte[] codec) in columns)
            {
                writer.Write(name);
                writer.Write(codec);
                writer.Write(Deflated);
                // One row a block; where the blocks would begin; no annotations.
                writer.Write7BitEncodedInt(1);
                writer.Write((long)HeaderBytes);
                writer.Write(0L);
            }
        }
        byte[] header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(header, FileSignature);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(0x08), Version);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(0x10), Version);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(0x18), HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(0x20), HeaderBytes + contents.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(0x30), columns.Count);
        stream.Write(header);
        contents.WriteTo(stream);
        Span<byte> tail = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(tail, TailSignature);
        stream.Write(tail);
    }

    /// <summary>Of plain values: "Single", "TextSpan".</summary>
    public static byte[] Codec(string name, params ReadOnlySpan<byte> parameters)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(name);
            writer.Write7BitEncodedInt(parameters.Length);
            writer.Write(parameters);
        }
        return bytes.ToArray();
    }

    /// <summary>Of numbers that stand for so many keys.</summary>
    public static byte[] KeyCodecOf(int count)
    {
        byte[] parameters = [.. Codec("UInt32"), .. new byte[8]];
        BinaryPrimitives.WriteInt64LittleEndian(parameters.AsSpan(parameters.Length - 8), count);
        return Codec("Key2", parameters);
    }
}
