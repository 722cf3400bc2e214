using Recommender.Catalogue;

namespace Recommender.Expressions;

/// <summary>
/// What the compiler knows of a value before there is one. The elements of the empty list are of kind Missing: it fits every list.
/// </summary>
internal readonly record struct ValueType(ValueKind Kind, ValueKind Element = ValueKind.Missing)
{
    public static readonly ValueType Bool = new(ValueKind.Bool);
    public static readonly ValueType Text = new(ValueKind.Text);
    public static readonly ValueType Int = new(ValueKind.Int);
    public static readonly ValueType Instant = new(ValueKind.Instant);

    public bool IsNumber => Kind is ValueKind.Int or ValueKind.Double;

    public bool IsList => Kind == ValueKind.List;

    public static ValueType Of(AttributeKind kind) => kind switch
    {
        AttributeKind.Text => Text,
        AttributeKind.Number => new ValueType(ValueKind.Double),
        AttributeKind.Flag => Bool,
        AttributeKind.Instant => Instant,
        AttributeKind.TextList => new ValueType(ValueKind.List, ValueKind.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An attribute kind the language does not know."),
    };

    /// <summary>Whether values of the two types can be equal: same kind, or both numbers; lists if their elements can.</summary>
    public bool Fits(ValueType other) => IsList && other.IsList ? Fit(Element, other.Element) : Fit(Kind, other.Kind);

    /// <summary>Whether a value of this type can be an element of <paramref name="list"/>.</summary>
    public bool FitsInto(ValueType list) => list.IsList && !IsList && Fit(Kind, list.Element);

    public override string ToString() => IsList
        ? Element == ValueKind.Missing ? "an empty list" : $"a list of {Plural(Element)}"
        : Kind switch
        {
            ValueKind.Bool => "true or false",
            ValueKind.Text => "text",
            ValueKind.Instant => "a timestamp",
            _ => "a number",
        };

    private static bool Fit(ValueKind a, ValueKind b) =>
        a == b || a == ValueKind.Missing || b == ValueKind.Missing
            || (a is ValueKind.Int or ValueKind.Double && b is ValueKind.Int or ValueKind.Double);

    private static string Plural(ValueKind kind) => kind switch
    {
        ValueKind.Bool => "booleans",
        ValueKind.Text => "texts",
        ValueKind.Instant => "timestamps",
        _ => "numbers",
    };
}
