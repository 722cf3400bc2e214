using System.Buffers;
using System.Text;
using Recommender.Catalogue;

namespace Recommender.Storage.Sqlite;

/// <summary>Some rows of items as they were read, one behind the other: what is to be made of them need not be made by the thread that reads.</summary>
internal sealed class RawItems
{
    private const int Rows = 2_000;
    private const int TypicalBytes = 250;

    private readonly List<(int IdLength, int AttributesLength, bool Available, DateTimeOffset? AddedAt)> _rows = new(Rows);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Rows * TypicalBytes);
    private int _used;
    private int _ofAttributes;

    /// <summary>The rows that a statement has, which reads <see cref="SqliteItemStore.Columns"/>.</summary>
    public static IEnumerable<RawItems> Read(Statement select)
    {
        while (true)
        {
            var some = new RawItems();
            while (some._rows.Count < Rows && select.Step()) some.Add(select);
            if (some._rows.Count > 0) yield return some;
            if (some._rows.Count < Rows) yield break;
        }
    }

    /// <summary>Makes items of the rows, once: what they were read into is used again.</summary>
    /// <param name="shapes">Of the attributes of all that are read.</param>
    public Item[] Items(StoredShapes shapes)
    {
        var items = new Item[_rows.Count];
        byte[] kept = GC.AllocateUninitializedArray<byte>(_ofAttributes);
        int from = 0, to = 0;
        for (int k = 0; k < items.Length; k++)
        {
            var (idLength, attributesLength, available, addedAt) = _rows[k];
            _bytes.AsSpan(from + idLength, attributesLength).CopyTo(kept.AsSpan(to));
            items[k] = new Item(Encoding.UTF8.GetString(_bytes, from, idLength))
            {
                Available = available,
                Attributes = StoredAttributes.Of(shapes, kept, to, attributesLength),
                AddedAt = addedAt,
            };
            (from, to) = (from + idLength + attributesLength, to + attributesLength);
        }
        ArrayPool<byte>.Shared.Return(_bytes);
        return items;
    }

    private void Add(Statement row)
    {
        int idLength = Append(row.Utf8Text(0)), attributesLength = Append(row.Utf8Text(2));
        _ofAttributes += attributesLength;
        _rows.Add((idLength, attributesLength, row.Long(1) != 0, row.InstantOrNull(3)));
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _bytes.Length) Grow(_used + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
        return bytes.Length;
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, needed));
        _bytes.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
