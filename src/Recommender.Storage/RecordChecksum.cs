using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Recommender.Storage;

/// <summary>
/// Tells whether two stores hold the same records, in whatever order each of them has them: the sum of the SHA-256 of every record. Against accidents;
/// whoever may choose records can make sums meet.
/// </summary>
public sealed class RecordChecksum
{
    private readonly ulong[] _sum = new ulong[4];

    public long Count { get; private set; }

    public void Add(ShopRecord record) => Add(RecordText.Of(record));

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        for (int lane = 0; lane < _sum.Length; lane++) _sum[lane] += BinaryPrimitives.ReadUInt64BigEndian(hash[(lane * 8)..]);
        Count++;
    }

    public override string ToString() => string.Concat(_sum.Select(lane => lane.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)));
}
