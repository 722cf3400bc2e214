using Recommender.Catalogue;

namespace Recommender.Expressions;

/// <summary>
/// The types of the language. Missing is no type of its own but what an absent attribute, a division by zero or an integer overflow gives:
/// it spreads through every operator as an error does in CEL, except where <c>false &amp;&amp;</c> or <c>true ||</c> decides without it.
/// </summary>
internal enum ValueKind { Missing, Bool, Int, Double, Text, Instant, List }

/// <summary>A value of an expression; nothing but text and lists is on the heap.</summary>
internal readonly struct Value : IEquatable<Value>
{
    private readonly long _bits; // 0 or 1, the integer, the double's bits, or UTC ticks
    private readonly object? _content; // string, Value[] or AttributeValue.TextList

    private Value(ValueKind kind, long bits, object? content = null)
    {
        Kind = kind;
        _bits = bits;
        _content = content;
    }

    public static Value Missing => default;

    public static Value Of(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static Value Of(long value) => new(ValueKind.Int, value);

    public static Value Of(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static Value Of(string value) => new(ValueKind.Text, 0, value);

    public static Value Of(DateTimeOffset value) => new(ValueKind.Instant, value.UtcTicks);

    public static Value Of(Value[] elements) => new(ValueKind.List, 0, elements);

    public static Value Of(AttributeValue value) => value switch
    {
        AttributeValue.Text text => Of(text.Value),
        AttributeValue.Number number => Of(number.Value),
        AttributeValue.Flag flag => Of(flag.Value),
        AttributeValue.Instant instant => Of(instant.Value),
        AttributeValue.TextList list => new Value(ValueKind.List, 0, list),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "An attribute kind the language does not know."),
    };

    public ValueKind Kind { get; }

    private bool IsNumber => Kind is ValueKind.Int or ValueKind.Double;

    public bool IsMissing => Kind == ValueKind.Missing;

    public bool IsTrue => Kind == ValueKind.Bool && _bits == 1;

    public long Int => _bits;

    public double Double => Kind == ValueKind.Int ? _bits : BitConverter.Int64BitsToDouble(_bits);

    public string Text => (string)_content!;

    /// <summary>Elements of a list.</summary>
    public int Count => _content is AttributeValue.TextList texts ? texts.Values.Length : ((Value[])_content!).Length;

    public Value this[int index] => _content is AttributeValue.TextList texts ? Of(texts.Values[index]) : ((Value[])_content!)[index];

    public bool Contains(Value element)
    {
        if (_content is AttributeValue.TextList texts) return texts.Values.Contains(element.Text);
        foreach (Value candidate in (Value[])_content!)
            if (candidate.Equals(element)) return true;
        return false;
    }

    /// <summary>The language's <c>==</c>: integers and doubles are numbers, and NaN equals nothing.</summary>
    public bool Equals(Value other) => Kind switch
    {
        ValueKind.Double or ValueKind.Int when Kind != other.Kind || Kind == ValueKind.Double => other.IsNumber && Double == other.Double,
        _ when Kind != other.Kind => false,
        ValueKind.Text => string.Equals(Text, other.Text),
        ValueKind.List => ListEquals(other),
        _ => _bits == other._bits,
    };

    /// <summary>Order of two values of one kind, or of an integer and a double; null where NaN has none.</summary>
    public int? Compare(Value other) => Kind switch
    {
        ValueKind.Text => CompareCodePoints(Text, other.Text),
        ValueKind.Int or ValueKind.Double when Kind != other.Kind || Kind == ValueKind.Double =>
            double.IsNaN(Double) || double.IsNaN(other.Double) ? null : Double.CompareTo(other.Double),
        _ => _bits.CompareTo(other._bits),
    };

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => Kind switch
    {
        ValueKind.Text => Text.GetHashCode(StringComparison.Ordinal),
        ValueKind.Int or ValueKind.Double => Double.GetHashCode(),
        ValueKind.List => Count,
        _ => _bits.GetHashCode(),
    };

    private bool ListEquals(Value other)
    {
        if (Count != other.Count) return false;
        for (int i = 0; i < Count; i++)
            if (!this[i].Equals(other[i])) return false;
        return true;
    }

    // CEL orders strings by code point. UTF-16 does the same but for surrogates, which stand for what is above U+FFFF.
    private static int CompareCodePoints(string left, string right)
    {
        int same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length.CompareTo(right.Length);
        char a = left[same], b = right[same];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
