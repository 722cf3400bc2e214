namespace Recommender.Catalogue;

/// <summary>Something the shop sells. What is not available is kept and learned from, and never shown.</summary>
public sealed record Item(string Id)
{
    public bool Available { get; init; } = true;

    /// <summary>When it came into the catalogue; null for one that was there before anybody took note. Later writes leave it.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    public ItemAttributes Attributes { get; init; } = ItemAttributes.None;

    /// <summary>The attribute called "title", or the id where the shop gave none.</summary>
    public string Title => Attributes.GetValueOrDefault("title") is AttributeValue.Text title ? title.Value : Id;

    public bool Equals(Item? other) => other is not null && Id == other.Id && Available == other.Available && AddedAt == other.AddedAt
        && Attributes.SequenceEqual(other.Attributes);

    public override int GetHashCode() => HashCode.Combine(Id, Available, Attributes.Count);
}
