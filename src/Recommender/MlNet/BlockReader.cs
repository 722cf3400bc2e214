using System.Buffers.Binary;
using System.Text;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>Reads the numbers and texts of a block of bytes in their order. Whatever does not fit is refused before anything is allocated for it.</summary>
internal sealed class BlockReader(ReadOnlyMemory<byte> block, string where)
{
    private int _at;

    public int Left => block.Length - _at;

    public byte Byte() => Bytes(1).Span[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4).Span);

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8).Span);

    /// <summary>A number of things of which each takes at least so many bytes of what is left.</summary>
    public int Count(string what, int bytesEach)
    {
        int count = Int32();
        if (count < 0 || (long)count * bytesEach > Left) throw Invalid($"says that there are {count} {what}; {Left} bytes are left for them");
        return count;
    }

    /// <summary>An unsigned number in groups of seven bits, the lowest first.</summary>
    public int VarInt(string what)
    {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte bits = Byte();
            if (shift == 28 && bits > 7) break;
            value |= (bits & 0x7F) << shift;
            if (bits < 0x80) return value;
        }
        throw Invalid($"has a count of {what} that does not end");
    }

    /// <summary>UTF-8 after its length in bytes.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes(VarInt("bytes of a text")).Span);

    public ReadOnlyMemory<byte> Bytes(long count)
    {
        if (count < 0 || count > Left) throw Invalid($"ends {count - Left} bytes too early");
        ReadOnlyMemory<byte> bytes = block.Slice(_at, (int)count);
        _at += (int)count;
        return bytes;
    }

    public void End()
    {
        if (Left != 0) throw Invalid($"has {Left} bytes more than what it holds takes");
    }

    public InvalidModelException Invalid(string what) => new($"{where} {what}: the file is damaged, or not of a version that this one reads.");
}
