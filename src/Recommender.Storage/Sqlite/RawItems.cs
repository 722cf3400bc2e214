using System.Text;
using Recommender.Catalogue;

namespace Recommender.Storage.Sqlite;

/// <summary>Some rows of items as they were read, one behind the other: what is to be made of them need not be made by the thread that reads.</summary>
/// <param name="number">Of these among all, from 0.</param>
internal sealed class RawItems(int number)
{
    private const int Rows = 2_000;
    private const int TypicalBytes = 250;

    private readonly List<(int Start, int IdLength, int AttributesLength, bool Available, DateTimeOffset? AddedAt)> _rows = new(Rows);
    private byte[] _bytes = new byte[Rows * TypicalBytes];
    private int _used;

    public int Number { get; } = number;

    /// <summary>The rows that a statement has, which reads <see cref="SqliteItemStore.Columns"/>.</summary>
    public static IEnumerable<RawItems> Read(Statement select)
    {
        for (int number = 0; ; number++)
        {
            var some = new RawItems(number);
            while (some._rows.Count < Rows && select.Step()) some.Add(select);
            if (some._rows.Count > 0) yield return some;
            if (some._rows.Count < Rows) yield break;
        }
    }

    public Item[] Items(AttributeCache known)
    {
        var items = new Item[_rows.Count];
        var scratch = new List<KeyValuePair<string, AttributeValue>>();
        for (int k = 0; k < items.Length; k++)
        {
            var (start, idLength, attributesLength, available, addedAt) = _rows[k];
            items[k] = new Item(Encoding.UTF8.GetString(_bytes, start, idLength))
            {
                Available = available,
                Attributes = AttributeJson.ReadItem(_bytes.AsSpan(start + idLength, attributesLength), scratch, known),
                AddedAt = addedAt,
            };
        }
        return items;
    }

    private void Add(Statement row)
    {
        int start = _used, idLength = Append(row.Utf8Text(0));
        bool available = row.Long(1) != 0;
        _rows.Add((start, idLength, Append(row.Utf8Text(2)), available, row.InstantOrNull(3)));
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
        return bytes.Length;
    }
}
