using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Recommender.Storage;

/// <summary>
/// CRC-32C of each 16 MiB of a file. What is served is looked through with it at every start, on all cores and many times faster than the SHA-256
/// that is asked for when a file travels: it finds what was damaged or cut off, which is what happens to a file that lies still.
/// </summary>
internal sealed class PieceChecks
{
    public const int PieceBytes = 1 << 24;

    private readonly ImmutableArray<uint>.Builder _pieces = ImmutableArray.CreateBuilder<uint>();
    private uint _running = uint.MaxValue;
    private int _left = PieceBytes;

    /// <summary>Goes on by what was written.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(_left, bytes.Length);
            _running = Continue(_running, bytes[..count]);
            bytes = bytes[count..];
            _left -= count;
            if (_left == 0) EndPiece();
        }
    }

    public ImmutableArray<uint> Finish()
    {
        if (_left < PieceBytes) EndPiece();
        return _pieces.ToImmutable();
    }

    /// <summary>The check of one piece that is there whole.</summary>
    public static uint Of(ReadOnlySpan<byte> piece) => ~Continue(uint.MaxValue, piece);

    private void EndPiece()
    {
        _pieces.Add(~_running);
        (_running, _left) = (uint.MaxValue, PieceBytes);
    }

    // The instruction takes eight bytes at a time, and byte for byte gives the same.
    private static uint Continue(uint running, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) running = BitOperations.Crc32C(running, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (byte one in bytes[(words.Length * sizeof(ulong))..]) running = BitOperations.Crc32C(running, one);
        return running;
    }
}
