using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Tests.Catalogue;

/// <summary>Items that lack what others have, with values that are awkward to compare.</summary>
internal sealed class RandomItems(Random random)
{
    private static readonly double[] _awkward = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 2.5];

    private static readonly string[] _genres = ["crime", "poetry", "", "\U0001F600"];

    /// <summary>What the attribute price is; the shop may change its mind.</summary>
    public AttributeKind Price { get; set; } = AttributeKind.Number;

    public Item Next(string id)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, AttributeValue>(StringComparer.Ordinal);
        if (random.Next(5) > 0) attributes.Add("price", Price == AttributeKind.Number ? Number() : new AttributeValue.Text($"{random.Next(100)} EUR"));
        if (random.Next(3) > 0) attributes.Add("cost", Number());
        if (random.Next(3) > 0) attributes.Add("genre", new AttributeValue.Text(_genres[random.Next(_genres.Length)]));
        if (random.Next(4) > 0) attributes.Add("brand", new AttributeValue.Text($"brand {random.Next(30)}"));
        if (random.Next(8) > 0) attributes.Add("title", new AttributeValue.Text($"{id} {random.Next(1000)}"));
        if (random.Next(2) > 0) attributes.Add("signed", new AttributeValue.Flag(random.Next(2) == 0));
        if (random.Next(2) > 0) attributes.Add("released", new AttributeValue.Instant(Moment()));
        if (random.Next(3) > 0) attributes.Add("tags", new AttributeValue.TextList([.. Enumerable.Range(0, random.Next(4)).Select(_ => Tag())]));
        return new Item(id) { Available = random.Next(4) > 0, Attributes = attributes.ToImmutable() };
    }

    private string Tag() => random.Next(3) == 0 ? "crime" : $"tag {random.Next(4)}";

    private DateTimeOffset Moment() => new(2020, 1, random.Next(1, 9), random.Next(2), 0, 0, TimeSpan.FromHours(random.Next(2)));

    private AttributeValue.Number Number() => new(random.Next(6) == 0 ? _awkward[random.Next(_awkward.Length)] : random.Next(60) / 2.0);
}
