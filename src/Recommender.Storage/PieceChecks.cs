using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Recommender.Threading;

namespace Recommender.Storage;

/// <summary>
/// CRC-32C of each 16 MiB of a file. What is served is looked through with it at every start, on all cores and many times faster than the SHA-256
/// that is asked for when a file travels: it finds what was damaged or cut off, which is what happens to a file that lies still.
/// </summary>
internal sealed class PieceChecks
{
    public const int PieceBytes = 1 << 24;

    // Stays in a core's cache between reading and checking.
    private const int ReadBytes = 1 << 18;

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

    /// <summary>
    /// Whether a file is what its checks say. Reads all of it, on all cores, and where the system can in the mapping, which is then in
    /// memory.
    /// </summary>
    /// <exception cref="IOException">The disk does not give it back.</exception>
    public static unsafe bool Hold(SafeFileHandle file, byte* mapped, long length, ImmutableArray<uint> pieces)
    {
        if (pieces.Length != (length + PieceBytes - 1) / PieceBytes) return false;
        bool same = true;
        try
        {
            Parallel.For(0, pieces.Length, Cores.All(CancellationToken.None), (piece, state) =>
            {
                long at = (long)piece * PieceBytes;
                int count = (int)Math.Min(PieceBytes, length - at);
                // What the disk does not give back is an error of reading, and the end of the process in a mapping: so it is asked for
                // first. That nearly always does: a page may be taken away again, or the file cut off, in the moment before it is read.
                uint? found = MappedPages.TryPopulate(mapped + at, count)
                    ? ~Continue(uint.MaxValue, new ReadOnlySpan<byte>(mapped + at, count))
                    : Of(file, at, count);
                if (found == pieces[piece]) return;
                Volatile.Write(ref same, false);
                state.Stop();
            });
        }
        catch (AggregateException several) { ExceptionDispatchInfo.Throw(several.InnerExceptions[0]); }
        return same;
    }

    private static uint? Of(SafeFileHandle file, long at, int count)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            uint running = uint.MaxValue;
            while (count > 0)
            {
                int read = RandomAccess.Read(file, buffer.AsSpan(0, Math.Min(buffer.Length, count)), at);
                if (read == 0) return null; // cut off since its length was asked for
                running = Continue(running, buffer.AsSpan(0, read));
                (at, count) = (at + read, count - read);
            }
            return ~running;
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private void EndPiece()
    {
        _pieces.Add(~_running);
        (_running, _left) = (uint.MaxValue, PieceBytes);
    }

    // The instruction takes eight bytes at a time, and byte for byte gives the same.
    private static uint Continue(uint running, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            running = BitOperations.Crc32C(running, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (byte one in bytes[(words.Length * sizeof(ulong))..]) running = BitOperations.Crc32C(running, one);
        return running;
    }
}
