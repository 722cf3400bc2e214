using System.Text;
using Recommender.Catalogue;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class StoredAttributesTests
{
    [Fact]
    public void Attributes_kept_as_text_answer_as_those_made_at_once()
    {
        var random = new Random(3);
        var shapes = new StoredShapes();
        for (int round = 0; round < 500; round++)
        {
            Item item = new($"item {round}") { Attributes = Drawn(random) };
            byte[] json = AttributeJson.Write(item.Attributes, "item", item.Id);
            // Among others' bytes, as in the store.
            ItemAttributes stored = StoredAttributes.Of(shapes, [.. "before"u8, .. json, .. "{\"after\":1}"u8], 6, json.Length);
            Assert.Equal(item, item with { Attributes = stored });
            Assert.Equal(item.Attributes.Count, stored.Count);
            Assert.Equal(item.Attributes.Keys, stored.Keys);
            Assert.Equal(item.Attributes.Values, stored.Values);
            foreach ((string name, AttributeValue value) in item.Attributes) Assert.Equal(value, stored[name]);
            Assert.False(stored.TryGetValue("after", out _));
            Assert.Equal(item.Attributes.Add("~", new AttributeValue.Flag(true)), stored.Add("~", new AttributeValue.Flag(true)));
            if (stored.Shape is { } shape) Assert.Equal(item.Attributes.Select(one => (one.Key, one.Value.Kind)), shape.Attributes);
        }
    }

    // As texts that people read do; names seldom do.
    [Theory]
    [InlineData("a \"quoted\" title")]
    [InlineData("\"")]
    [InlineData("ends with \\")]
    [InlineData("ends with \\\"")]
    [InlineData("two\nlines\tand \U0001F4DA, \"b\":1}")]
    public void Texts_with_quotes_lines_and_pictures_are_kept_as_text_too(string text)
    {
        ItemAttributes made = ItemStoreContract.Attributes(
            ("a", new AttributeValue.Text(text)), ("b", new AttributeValue.TextList([text, "", text])),
            ("c", new AttributeValue.Number(1)));
        byte[] json = AttributeJson.Write(made, "item", "1");
        ItemAttributes stored = StoredAttributes.Of(new StoredShapes(), json, 0, json.Length);
        Assert.NotNull(stored.Shape);
        Assert.Equal(made, stored);
        foreach ((string name, AttributeValue value) in made) Assert.Equal(value, stored[name]);
    }

    [Fact]
    public void What_was_written_elsewhere_in_another_order_or_with_escapes_is_read_all_the_same()
    {
        ItemAttributes Read(string json) =>
            StoredAttributes.Of(new StoredShapes(), Encoding.UTF8.GetBytes(json), 0, Encoding.UTF8.GetByteCount(json));
        ItemAttributes wanted = ItemStoreContract.Attributes(
            ("a", new AttributeValue.Text("x")), ("b", new AttributeValue.TextList(["y"])));
        Assert.Equal(wanted, Read(""" { "b" : ["y"], "a": "x" } """));
        Assert.Equal(wanted, Read("""{"\u0061":"x","b":["y"]}"""));
        Assert.Equal(wanted, Read("""{"a":"\u0078","b":["\u0079"]}"""));
        Assert.Equal(wanted, Read("""{"a":"x", "b":[ "y" ] }"""));
        Assert.Equal(wanted["b"], Read("{\"a\":\"x\",\n\"b\":[\"y\"]}")["b"]);
        Assert.Equal(wanted["b"], Read("{\"a\": \"x\",\"b\":[\"y\"]}")["b"]);
        Assert.Equal(new AttributeValue.Number(1),
            Read("{\"a\":[ ],\"b\":true ,\"c\":1 ,\"d\":{ \"instant\":\"2026-03-14T12:00:00Z\"}}")["c"]);
        Assert.Same(ItemAttributes.None, Read("{}"));
        Assert.Throws<ArgumentException>(() => Read("""{"a":"x","a":"y"}"""));
    }

    // Not when somebody asks for it: that would be a request.
    [Theory]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":"x""")]
    [InlineData("""{"a":{"instant":"yesterday"}}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":["\ud800"]}""")]
    [InlineData("""{"a":"\x"}""")]
    [InlineData("")]
    public void What_cannot_be_given_back_is_refused_when_the_catalogue_is_read(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        Assert.ThrowsAny<Exception>(() => StoredAttributes.Of(new StoredShapes(), bytes, 0, bytes.Length));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_when_the_catalogue_is_read()
    {
        byte[] bytes = [.. "{\"a\":\""u8, 0xff, .. "\"}"u8];
        Assert.ThrowsAny<Exception>(() => StoredAttributes.Of(new StoredShapes(), bytes, 0, bytes.Length));
    }

    private static ItemAttributes Drawn(Random random)
    {
        string[] names = ["brand", "näme", "on sale", "price", "tags", "title", "\U0001F600", "with \"quotes\""];
        string[] texts = ["", "red lamp", "Ω≈ç", "\U0001F4DA", "a \"quoted\" one", "line\nbreak", "back\\slash", "{}[],:"];
        string Text() => texts[random.Next(texts.Length)];
        AttributeValue Value() => random.Next(5) switch
        {
            0 => new AttributeValue.Text(Text()),
            1 => new AttributeValue.Number(random.NextDouble() * Math.Pow(10, random.Next(-300, 300))),
            2 => new AttributeValue.Flag(random.Next(2) == 0),
            3 => new AttributeValue.Instant(Events.Noon.AddTicks(random.Next())),
            _ => new AttributeValue.TextList([.. Enumerable.Range(0, random.Next(4)).Select(_ => Text())]),
        };
        return ItemAttributes.Of([.. names.Where(_ => random.Next(2) == 0).Select(name => KeyValuePair.Create(name, Value()))]);
    }
}
