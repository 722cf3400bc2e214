using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Tests.Expressions;

/// <summary>Items to ask, and a schema in which every kind occurs.</summary>
internal static class Books
{
    public static readonly Item Gorky = Book("gorky-park",
        ("title", new AttributeValue.Text("Gorky Park")),
        ("genre", new AttributeValue.Text("crime")),
        ("price", new AttributeValue.Number(12.5)),
        ("signed", new AttributeValue.Flag(true)),
        ("released", new AttributeValue.Instant(new DateTimeOffset(1981, 3, 1, 0, 0, 0, TimeSpan.Zero))),
        ("tags", new AttributeValue.TextList(["crime", "moscow"])));

    /// <summary>Has an id and nothing else.</summary>
    public static readonly Item Bare = new("bare");

    public static readonly Schema Schema = Schema.Of([Gorky, Bare]);

    public static Item Book(string id, params (string Name, AttributeValue Value)[] attributes) => new(id)
    {
        Attributes = attributes.ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal),
    };
}
