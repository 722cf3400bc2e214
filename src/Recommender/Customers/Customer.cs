using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Customers;

/// <summary>A known customer and what the shop states of them. What they did is in the event log.</summary>
public sealed record Customer(string Id)
{
    public ImmutableSortedDictionary<string, AttributeValue> Attributes { get; init; } =
        ImmutableSortedDictionary.Create<string, AttributeValue>(StringComparer.Ordinal);

    public bool Equals(Customer? other) => other is not null && Id == other.Id && Attributes.SequenceEqual(other.Attributes);

    public override int GetHashCode() => HashCode.Combine(Id, Attributes.Count);
}
