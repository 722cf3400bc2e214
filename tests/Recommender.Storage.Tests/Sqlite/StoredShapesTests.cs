using Recommender.Catalogue;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class StoredShapesTests
{
    [Fact]
    public void Items_alike_have_one_shape_whoever_reads_them()
    {
        StoredShape none = new StoredShapes().Empty;
        var shapes = new AttributeShape[4_000];
        Parallel.For(0, shapes.Length, k =>
            shapes[k] = none.With("price"u8, AttributeKind.Number)!.With(k % 2 == 0 ? "title"u8 : "tags"u8, AttributeKind.Text)!.Names);
        Assert.Equal(2, shapes.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal([("price", AttributeKind.Number), ("title", AttributeKind.Text)], shapes[0].Attributes);
        Assert.NotSame(shapes[0], none.With("price"u8, AttributeKind.Number)!.With("title"u8, AttributeKind.TextList)!.Names);
        Assert.Equal([1, 0, -1], (int[])[shapes[0].IndexOf("title"), shapes[0].IndexOf("price"), shapes[0].IndexOf("tags")]);
    }

    [Fact]
    public void Names_that_stand_out_of_order_or_twice_are_seen()
    {
        StoredShape b = new StoredShapes().Empty.With("b"u8, AttributeKind.Flag)!;
        Assert.True(b.With("c"u8, AttributeKind.Flag)!.IsOrdered);
        Assert.False(b.With("a"u8, AttributeKind.Flag)!.With("c"u8, AttributeKind.Flag)!.IsOrdered);
        Assert.False(b.With("b"u8, AttributeKind.Number)!.IsOrdered);
    }

    [Fact]
    public void Items_that_each_lack_other_attributes_are_read_all_the_same_and_have_a_bounded_number_of_shapes()
    {
        var random = new Random(7);
        string[] names = [.. Enumerable.Range(0, 100).Select(k => $"attribute {k:00}")];
        var shapes = new StoredShapes();
        // Of the 8,000 that are drawn no two have the same attributes.
        Item[] items = [.. Enumerable.Range(0, 8_000).Select(k => Drawn(k))];
        Item[] stored = [.. items.Select(item => Stored(item, shapes))];
        Assert.Equal(items, stored);
        Assert.Equal(Schema.Of(items).Kinds, Schema.Of(stored).Kinds);
        AttributeShape[] found = [.. stored.Select(item => item.Attributes.Shape).OfType<AttributeShape>().Distinct()];
        Assert.InRange(found.Sum(shape => shape.Attributes.Length), StoredShapes.MostInShapes / 20, StoredShapes.MostInShapes);
        // Whoever has no shape at least has the names in common with others.
        Assert.Equal(names.Length, stored.Where(item => item.Attributes.Shape is null).SelectMany(item => item.Attributes.Keys)
            .Distinct<object>(ReferenceEqualityComparer.Instance).Count());
        // One that came up in time is still shared.
        Assert.Same(stored[0].Attributes.Shape, Stored(items[0], shapes).Attributes.Shape);

        Item Drawn(int k)
        {
            random.Shuffle(names);
            return new Item($"{k}")
            {
                Attributes = ItemAttributes.Of([.. names.Take(20).Select(name => Named(name, new AttributeValue.Number(k)))]),
            };
        }
    }

    [Fact]
    public void A_catalogue_kept_as_text_has_the_schema_of_its_values()
    {
        Item[] items = [.. Enumerable.Range(0, 3_000).Select(k => new Item($"{k}")
        {
            Attributes = ItemAttributes.Of(k % 3 == 0
                ? [Named("size", k % 2 == 0 ? new AttributeValue.Number(k) : new AttributeValue.Text("large"))]
                : [Named("tags", new AttributeValue.TextList(["a"]))]),
        })];
        var shapes = new StoredShapes();
        Item[] stored = [.. items.Select(item => Stored(item, shapes))];
        Assert.All(stored, item => Assert.NotNull(item.Attributes.Shape));
        Assert.Equal(Schema.Of(items).Kinds, Schema.Of(stored).Kinds);
        // Both count to the last item: then alone is a name free for another kind.
        Schema Without(Item[] some, Schema all) =>
            some.Where(item => item.Attributes.ContainsKey("size")).Aggregate(all, (schema, item) => schema.Replace(item, null));
        Item other = new("new") { Attributes = ItemAttributes.Of([Named("size", new AttributeValue.Flag(true))]) };
        Assert.Throws<SchemaException>(() => Schema.Of(stored).Replace(null, other));
        Assert.Equal(AttributeKind.Flag, Without(stored, Schema.Of(stored)).Replace(null, other).Kinds["size"]);
        Assert.Equal(AttributeKind.Flag, Without(items, Schema.Of(stored)).Replace(null, other).Kinds["size"]);
    }

    private static KeyValuePair<string, AttributeValue> Named(string name, AttributeValue value) => new(name, value);

    private static Item Stored(Item item, StoredShapes shapes)
    {
        byte[] json = AttributeJson.Write(item.Attributes, "item", item.Id);
        return item with { Attributes = StoredAttributes.Of(shapes, json, 0, json.Length) };
    }
}
