using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Tests.Catalogue;

public sealed class SchemaTests
{
    private static readonly AttributeValue _number = new AttributeValue.Number(1), _text = new AttributeValue.Text("one");

    [Fact]
    public void An_attribute_that_was_a_number_and_arrives_as_text_is_refused_by_name()
    {
        Schema schema = Schema.Empty.Replace(null, With("a", "price", _number));
        var error = Assert.Throws<SchemaException>(() => schema.Replace(null, With("b", "price", _text)));
        Assert.Equal(
            "item 'b': attribute 'price' is text here and a number in the other items that have it; send a number, or use another name",
            error.Message);
        Assert.Equal(("b", "price", AttributeKind.Text, AttributeKind.Number), (error.ItemId, error.Attribute, error.Given, error.Known));
    }

    [Fact]
    public void The_only_item_that_has_an_attribute_may_change_its_kind()
    {
        Item a = With("a", "price", _number), b = With("b", "price", _number);
        Schema schema = Schema.Of([a, b]);
        Assert.Throws<SchemaException>(() => schema.Replace(a, With("a", "price", _text)));
        schema = schema.Replace(b, null).Replace(a, With("a", "price", _text));
        Assert.Equal(AttributeKind.Text, schema.Kinds["price"]);
    }

    [Fact]
    public void An_attribute_stays_known_when_its_last_item_goes()
    {
        Item a = With("a", "price", _number);
        Schema schema = Schema.Of([a]).Replace(a, null);
        Assert.Equal(AttributeKind.Number, schema.Kinds["price"]);
        Assert.Equal(AttributeKind.Text, schema.Replace(null, With("b", "price", _text)).Kinds["price"]);
    }

    [Fact]
    public void Items_that_were_stored_with_mixed_kinds_are_served_by_that_of_most() =>
        Assert.Equal(AttributeKind.Text, Schema.Of([With("a", "x", _number), With("b", "x", _text), With("c", "x", _text)]).Kinds["x"]);

    [Fact]
    public void Step_by_step_and_at_once_give_the_same_schema()
    {
        var random = new Random(7);
        var items = new Dictionary<string, Item>();
        Schema schema = Schema.Empty;
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            string id = $"i{random.Next(12)}";
            Item? after = random.Next(4) == 0 ? null : With(id, $"a{random.Next(6)}", random.Next(2) == 0 ? _number : _text);
            Item? before = items.GetValueOrDefault(id);
            if (after is not null && items.Values.Any(other => other.Id != id && Disagree(other, after)))
            {
                Assert.Throws<SchemaException>(() => schema.Replace(before, after));
                refused++;
                continue;
            }
            schema = schema.Replace(before, after);
            if (after is null) items.Remove(id);
            else items[id] = after;
            foreach ((string name, AttributeKind kind) in Schema.Of([.. items.Values]).Kinds) Assert.Equal(kind, schema.Kinds[name]);
        }
        Assert.InRange(refused, 100, 2500);
    }

    private static bool Disagree(Item a, Item b) =>
        a.Attributes.Any(x => b.Attributes.TryGetValue(x.Key, out AttributeValue? y) && y.Kind != x.Value.Kind);

    private static Item With(string id, string name, AttributeValue value) =>
        new(id) { Attributes = ImmutableSortedDictionary.Create<string, AttributeValue>(StringComparer.Ordinal).Add(name, value) };
}
