using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Customers;

/// <summary>A known customer and what is stated of them. What they did and answered is in the event log.</summary>
public sealed record Customer(string Id)
{
    public ImmutableSortedDictionary<string, AttributeValue> Attributes { get; init; } =
        ImmutableSortedDictionary.Create<string, AttributeValue>(StringComparer.Ordinal);

    /// <summary>
    /// Where an attribute is from, by its name, and where a day is from, by its <see cref="StatementOfDate"/>. One without an entry was stated
    /// by the shop.
    /// </summary>
    public ImmutableSortedDictionary<string, Statement> Statements { get; init; } =
        ImmutableSortedDictionary.Create<string, Statement>(StringComparer.Ordinal);

    /// <summary>Days to remember: "birthday" and the shop's own names.</summary>
    public ImmutableSortedDictionary<string, DateOnly> Dates { get; init; } = ImmutableSortedDictionary.Create<string, DateOnly>(StringComparer.Ordinal);

    /// <summary>Every decision in the order in which it was made; the newest for a purpose and channel holds.</summary>
    public ImmutableArray<Consent> Consents { get; init; } = [];

    /// <summary>Counts the changes of the stored record; 0 for one that is not stored.</summary>
    public long Revision { get; init; }

    /// <summary>The key of a day's statement. No attribute has such a name, for it has a colon.</summary>
    public static string StatementOfDate(string name) => $"date:{name}";

    /// <summary>Whether the customer agrees, null where they have not said.</summary>
    public bool? Agrees(string purpose, string channel) =>
        Consents.LastOrDefault(consent => consent.Purpose == purpose && consent.Channel == channel)?.Granted;

    public bool Equals(Customer? other) => other is not null && Id == other.Id && Revision == other.Revision && Attributes.SequenceEqual(other.Attributes)
        && Statements.SequenceEqual(other.Statements) && Dates.SequenceEqual(other.Dates) && Consents.AsSpan().SequenceEqual(other.Consents.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Id, Revision, Attributes.Count, Consents.Length);
}
