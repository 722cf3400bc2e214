using System.Collections.Immutable;

namespace Recommender.Catalogue;

/// <summary>The types an attribute of an item or a customer may have.</summary>
public enum AttributeKind { Text, Number, Flag, Instant, TextList }

/// <summary>A typed attribute value. Two values are equal if their kinds and contents are.</summary>
public abstract record AttributeValue(AttributeKind Kind)
{
    public sealed record Text(string Value) : AttributeValue(AttributeKind.Text);

    public sealed record Number(double Value) : AttributeValue(AttributeKind.Number);

    public sealed record Flag(bool Value) : AttributeValue(AttributeKind.Flag);

    public sealed record Instant(DateTimeOffset Value) : AttributeValue(AttributeKind.Instant);

    public sealed record TextList(ImmutableArray<string> Values) : AttributeValue(AttributeKind.TextList)
    {
        public bool Equals(TextList? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (string value in Values) hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
