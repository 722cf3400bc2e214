namespace Recommender.Catalogue;

/// <summary>
/// The values that an attribute has or had, each once, numbered from 1; 0 is that an item lacks it. A value keeps its number. For one writer and
/// any number of readers.
/// </summary>
internal sealed class DistinctValues
{
    // Little beside the rest of a server. Beyond them it must pay.
    private const int AlwaysKept = 32_768;

    private const long BytesAlwaysKept = 4 << 20, BytesAnItem = 32;

    // Of an object with its place here, about.
    private const int BytesOfAny = 64;

    private readonly Dictionary<AttributeValue, int> _codes;
    private readonly int _most;
    private readonly long _mostBytes;
    private AttributeValue?[] _values;
    private int _count = 1;
    private long _bytes;

    /// <param name="items">
    /// How many items the catalogue has: half as many values are few enough to be kept, and so are some thousands, unless they are long.
    /// </param>
    public DistinctValues(int items)
    {
        (_most, _mostBytes) = (Math.Max(AlwaysKept, items / 2), Math.Max(BytesAlwaysKept, items * BytesAnItem));
        _codes = new Dictionary<AttributeValue, int>(ByContent.Instance);
        _values = new AttributeValue?[16];
    }

    private DistinctValues(DistinctValues other)
    {
        (_most, _mostBytes, _count, _bytes) = (other._most, other._mostBytes, other._count, other._bytes);
        _codes = new Dictionary<AttributeValue, int>(other._codes, ByContent.Instance);
        _values = [.. other._values];
    }

    /// <summary>Whether it is better to look at items one by one. There is place for half as many more, for those that items get later.</summary>
    public bool AreTooMany => _count - 1 > _most || _bytes > _mostBytes;

    /// <summary>By number.</summary>
    public ReadOnlyMemory<AttributeValue?> All
    {
        get
        {
            // In this order: the values that are there by now are at least those that are counted.
            int count = Volatile.Read(ref _count);
            return _values.AsMemory(0, count);
        }
    }

    public AttributeValue? this[int code] => Volatile.Read(ref _values)[code];

    /// <summary>The number of a value, a new one where it is new; -1 where there is no place for it.</summary>
    public int CodeOf(AttributeValue value)
    {
        if (_codes.TryGetValue(value, out int code)) return code;
        if (_count - 1 > _most + _most / 2 || _bytes > _mostBytes + _mostBytes / 2) return -1;
        if (_count == _values.Length)
        {
            var more = new AttributeValue?[2 * _values.Length];
            _values.CopyTo(more, 0);
            Volatile.Write(ref _values, more);
        }
        code = _count;
        _bytes += BytesOf(value);
        _values[code] = value;
        _codes.Add(value, code);
        Volatile.Write(ref _count, code + 1);
        return code;
    }

    public DistinctValues Copy() => new(this);

    private static long BytesOf(AttributeValue value) => value switch
    {
        AttributeValue.Text text => BytesOfAny + sizeof(char) * (long)text.Value.Length,
        AttributeValue.TextList list => BytesOfAny + list.Values.Sum(text => BytesOfAny + sizeof(char) * (long)text.Length),
        _ => BytesOfAny,
    };

    /// <summary>Two numbers are one if their bits are: 0 and -0 are equal and not the same divisor.</summary>
    private sealed class ByContent : IEqualityComparer<AttributeValue>
    {
        public static readonly ByContent Instance = new();

        public bool Equals(AttributeValue? one, AttributeValue? other) => one is AttributeValue.Number a && other is AttributeValue.Number b
            ? BitConverter.DoubleToInt64Bits(a.Value) == BitConverter.DoubleToInt64Bits(b.Value)
            : Equals((object?)one, other);

        public int GetHashCode(AttributeValue value) => value.GetHashCode();
    }
}
