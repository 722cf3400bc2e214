using Recommender.Catalogue;
using Recommender.Storage;

namespace Recommender.Tests.Catalogue;

public sealed class AttributeShapeTests
{
    [Fact]
    public void Items_alike_have_one_shape_whoever_reads_them()
    {
        AttributeShape none = AttributeShape.Empty();
        var shapes = new AttributeShape[4_000];
        Parallel.For(0, shapes.Length, k => shapes[k] = none.With("price"u8, AttributeKind.Number).With(k % 2 == 0 ? "title"u8 : "tags"u8, AttributeKind.Text));
        Assert.Equal(2, shapes.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal([("price", AttributeKind.Number), ("title", AttributeKind.Text)], shapes[0].Attributes);
        Assert.NotSame(shapes[0], none.With("price"u8, AttributeKind.Number).With("title"u8, AttributeKind.TextList));
        Assert.Equal([1, 0, -1], (int[])[shapes[0].IndexOf("title"), shapes[0].IndexOf("price"), shapes[0].IndexOf("tags")]);
    }

    [Fact]
    public void Names_that_stand_out_of_order_or_twice_are_seen()
    {
        AttributeShape b = AttributeShape.Empty().With("b"u8, AttributeKind.Flag);
        Assert.True(b.With("c"u8, AttributeKind.Flag).IsOrdered);
        Assert.False(b.With("a"u8, AttributeKind.Flag).With("c"u8, AttributeKind.Flag).IsOrdered);
        Assert.False(b.With("b"u8, AttributeKind.Number).IsOrdered);
    }

    [Fact]
    public void A_catalogue_kept_as_text_has_the_schema_of_its_values()
    {
        Item[] items = [.. Enumerable.Range(0, 3_000).Select(k => new Item($"{k}")
        {
            Attributes = ItemAttributes.Of(k % 3 == 0
                ? [KeyValuePair.Create<string, AttributeValue>("size", k % 2 == 0 ? new AttributeValue.Number(k) : new AttributeValue.Text("large"))]
                : [KeyValuePair.Create<string, AttributeValue>("tags", new AttributeValue.TextList(["a"]))]),
        })];
        AttributeShape none = AttributeShape.Empty();
        Item[] stored = [.. items.Select(item =>
        {
            byte[] json = AttributeJson.Write(item.Attributes, "item", item.Id);
            return item with { Attributes = StoredAttributes.Of(none, json, 0, json.Length) };
        })];
        Assert.All(stored, item => Assert.NotNull(item.Attributes.Shape));
        Assert.Equal(Schema.Of(items).Kinds, Schema.Of(stored).Kinds);
        // Both count to the last item: then alone is a name free for another kind.
        Schema Without(Item[] some, Schema all) => some.Where(item => item.Attributes.ContainsKey("size")).Aggregate(all, (schema, item) => schema.Replace(item, null));
        Item other = new("new") { Attributes = ItemAttributes.Of([KeyValuePair.Create<string, AttributeValue>("size", new AttributeValue.Flag(true))]) };
        Assert.Throws<SchemaException>(() => Schema.Of(stored).Replace(null, other));
        Assert.Equal(AttributeKind.Flag, Without(stored, Schema.Of(stored)).Replace(null, other).Kinds["size"]);
        Assert.Equal(AttributeKind.Flag, Without(items, Schema.Of(stored)).Replace(null, other).Kinds["size"]);
    }
}
