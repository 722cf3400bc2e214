using System.Buffers;

namespace Recommender.Storage.Bson;

/// <summary>A document in a rented buffer; reading it after it was disposed is an error.</summary>
internal sealed class BsonReply : IDisposable
{
    private readonly int _length;
    private byte[]? _rented;

    public BsonReply(ReadOnlySpan<byte> document)
    {
        _length = document.Length;
        _rented = ArrayPool<byte>.Shared.Rent(_length);
        document.CopyTo(_rented);
    }

    public ReadOnlySpan<byte> Document => (_rented ?? throw new ObjectDisposedException(nameof(BsonReply))).AsSpan(0, _length);

    public BsonReader Read() => new(Document);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented) ArrayPool<byte>.Shared.Return(rented);
    }
}
