using System.Buffers;

namespace Recommender.Grpc.Wire;

/// <summary>A growing buffer from the shared pool.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 512;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _count;

    public int Count => _count;
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    public void Advance(int count) => _count += count;
    public void Clear() => _count = 0;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_count);
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _count) = ([], 0);
    }

    private void Reserve(int sizeHint)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_bytes.Length - _count >= sizeHint)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)_count + sizeHint)));
        Written.CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
