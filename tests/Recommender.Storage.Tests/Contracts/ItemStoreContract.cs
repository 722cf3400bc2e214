using System.Collections.Immutable;
using System.Text;
using Recommender.Catalogue;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ItemStoreContract(IStoreEngine engine) : StoreContract(engine)
{
    private IItemStore Items => Store.Items;

    [Fact]
    public async Task An_item_comes_back_with_every_attribute_and_its_type()
    {
        await Items.UpsertAsync(Books, [Everything("a"), new Item("b") { Available = false }], Stop);
        await ReopenAsync();

        Assert.Equal(Everything("a"), await Items.FindAsync(Books, "a", Stop));
        Assert.Equal(new Item("b") { Available = false }, await Items.FindAsync(Books, "b", Stop));
        Assert.Null(await Items.FindAsync(Books, "A", Stop));
    }

    [Fact]
    public async Task Writing_an_item_again_replaces_it_whole()
    {
        await Items.UpsertAsync(Books, [Everything("a")], Stop);
        await Items.UpsertAsync(Books, [new Item("a"), new Item("a") { Available = false }], Stop);
        Assert.Equal(new Item("a") { Available = false }, await Items.FindAsync(Books, "a", Stop));
        Assert.Equal(1, await Items.CountAsync(Books, Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept_in_ids_names_and_values(string text)
    {
        Item item = new(text) { Attributes = Attributes((text, new AttributeValue.Text(text)), ("list", new AttributeValue.TextList([text, ""]))) };
        await Items.UpsertAsync(Books, [item], Stop);
        Assert.Equal(item, await Items.FindAsync(Books, text, Stop));
        Assert.Equal(item, Assert.Single(await Items.ListAsync(Books, null, 10, Stop)));
    }

    // Values that come again are made once, and what is made once must not be another's.
    [Fact]
    public async Task The_whole_catalogue_comes_as_it_was_written_always_in_the_same_order_and_nobody_elses()
    {
        Item[] items = [.. Enumerable.Range(0, 4_500).Select(number => new Item($"{number * 7919 % 4_500}")
        {
            Available = number % 3 > 0,
            Attributes = number == 7 ? Everything("all").Attributes : Attributes(("brand", new AttributeValue.Text($"{number % 50}")), ("price", new AttributeValue.Number(number % 50)),
                ("a \"quoted\" näme", new AttributeValue.Flag(number % 2 == 0)), ("tags", new AttributeValue.TextList([$"{number % 50}", $"line\n{number % 9}"])),
                ("title", new AttributeValue.Text($"{number} {new string('x', number % 200)}"))),
        })];
        await Items.UpsertAsync(Books, items, Stop);
        await Items.UpsertAsync(new Tenant("others"), [new Item("not ours")], Stop);
        var read = await Items.AllAsync(Books, Stop);
        Assert.Equal(items.ToDictionary(item => item.Id), read.ToDictionary(item => item.Id));
        Assert.Equal(read.Select(item => item.Id), (await Items.AllAsync(Books, Stop)).Select(item => item.Id));
        Assert.Empty(await Items.AllAsync(new Tenant("nobody"), Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Items.AllAsync(Books, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Items_are_listed_in_the_order_of_their_UTF8_bytes_page_by_page()
    {
        // U+FFFF comes before U+1F4DA in UTF-8 and after it in UTF-16.
        string[] ids = ["a", "B", "b", "aa", "é", "z", "\uffff", "\U0001F4DA", "10", "9", " "];
        await Items.UpsertAsync(Books, [.. ids.Select(id => new Item(id))], Stop);

        var listed = new List<string>();
        IReadOnlyList<Item> page;
        do
        {
            page = await Items.ListAsync(Books, listed.LastOrDefault(), 3, Stop);
            listed.AddRange(page.Select(item => item.Id));
        }
        while (page.Count == 3);

        Assert.Equal(ids.OrderBy(id => Convert.ToHexString(Encoding.UTF8.GetBytes(id)), StringComparer.Ordinal), listed);
        Assert.Empty(await Items.ListAsync(Books, null, 0, Stop));
        Assert.Equal(["z"], (await Items.ListAsync(Books, "y", 1, Stop)).Select(item => item.Id));
    }

    [Fact]
    public async Task An_item_keeps_the_moment_at_which_it_was_added_and_begins_anew_once_deleted()
    {
        Item old = new("a"), added = new("b") { AddedAt = Events.Noon.AddTicks(7) };
        await Items.UpsertAsync(Books, [old, added], Stop);
        await Items.UpsertAsync(Books, [old with { AddedAt = Events.Noon }, added with { AddedAt = Events.Noon.AddDays(9), Available = false }], Stop);
        await ReopenAsync();
        Assert.Equal([old, added with { Available = false }], await Items.ListAsync(Books, null, 10, Stop));
        await Items.DeleteAsync(Books, ["b"], Stop);
        await Items.UpsertAsync(Books, [added with { AddedAt = Events.Noon.AddDays(10) }], Stop);
        Assert.Equal(Events.Noon.AddDays(10), (await Items.FindAsync(Books, "b", Stop))!.AddedAt);
    }

    [Fact]
    public async Task Whether_items_can_be_had_is_set_alone_and_says_of_how_many_it_was_otherwise()
    {
        Item dated = Everything("a") with { AddedAt = Events.Noon };
        await Items.UpsertAsync(Books, [dated, new Item("b") { Available = false }, new Item("c")], Stop);
        await Items.UpsertAsync(Wines, [new Item("a")], Stop);
        Assert.Equal(1, await Items.SetAvailabilityAsync(Books, ["a", "b", "unknown", "a"], available: false, Stop));
        await ReopenAsync();
        Assert.Equal([dated with { Available = false }, new Item("b") { Available = false }, new Item("c")], await Items.ListAsync(Books, null, 10, Stop));
        Assert.Equal(new Item("a"), await Items.FindAsync(Wines, "a", Stop));

        Assert.Equal(2, await Items.SetAvailabilityAsync(Books, ["a", "b", "c"], available: true, Stop));
        Assert.Equal(0, await Items.SetAvailabilityAsync(Books, [], available: true, Stop));
        Assert.Equal(dated, await Items.FindAsync(Books, "a", Stop));
    }

    [Fact]
    public async Task Deleting_says_how_many_were_there()
    {
        await Items.UpsertAsync(Books, [new Item("a"), new Item("b"), new Item("c")], Stop);
        Assert.Equal(2, await Items.DeleteAsync(Books, ["a", "c", "unknown", "a"], Stop));
        Assert.Equal(0, await Items.DeleteAsync(Books, [], Stop));
        Assert.Equal(["b"], (await Items.ListAsync(Books, null, 10, Stop)).Select(item => item.Id));
        Assert.Equal(1, await Items.CountAsync(Books, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Items.UpsertAsync(Books, [new Item("a")], Stop);
        await Items.UpsertAsync(Wines, [new Item("a") { Available = false }, new Item("b")], Stop);
        Assert.Equal(1, await Items.DeleteAsync(Books, ["a", "b"], Stop));

        Assert.Equal(0, await Items.CountAsync(Books, Stop));
        Assert.Null(await Items.FindAsync(Books, "b", Stop));
        Assert.Empty(await Items.ListAsync(Books, null, 10, Stop));
        Assert.Equal([new Item("a") { Available = false }, new Item("b")], await Items.ListAsync(Wines, null, 10, Stop));
    }

    public static readonly TheoryData<AttributeValue> Unstorable =
    [
        new AttributeValue.Number(double.NaN), new AttributeValue.Number(double.NegativeInfinity), new AttributeValue.Text("\ud83d"),
        new AttributeValue.TextList(["fine", "\udcda"]),
    ];

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task A_value_that_could_not_be_given_back_is_refused_with_the_whole_batch_naming_item_and_attribute(AttributeValue value)
    {
        Item bad = new("novel-7") { Attributes = Attributes(("stars", value)) };
        ArgumentException refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => Items.UpsertAsync(Books, [new Item("good"), bad], Stop));
        Assert.Contains("novel-7", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("stars", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Items.CountAsync(Books, Stop));
    }

    [Fact]
    public async Task Ten_thousand_items_fit_one_batch()
    {
        await Items.UpsertAsync(Books, [.. Enumerable.Range(0, 10_000).Select(i => Everything($"book-{i:D5}"))], Stop);
        Assert.Equal(10_000, await Items.CountAsync(Books, Stop));
        Assert.Equal(Everything("book-07777"), (await Items.ListAsync(Books, "book-07776", 1, Stop))[0]);
    }

    internal static ImmutableSortedDictionary<string, AttributeValue> Attributes(params (string Name, AttributeValue Value)[] attributes) =>
        attributes.ToImmutableSortedDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal);

    internal static Item Everything(string id) => new(id)
    {
        Attributes = Attributes(
            ("title", new AttributeValue.Text("The Master and Margarita")),
            ("looks_like_a_date", new AttributeValue.Text("2026-03-14T12:00:00Z")),
            ("price", new AttributeValue.Number(0.1 + 0.2)),
            ("pages", new AttributeValue.Number(-1e300)),
            ("signed", new AttributeValue.Flag(true)),
            ("worn", new AttributeValue.Flag(false)),
            ("published", new AttributeValue.Instant(Events.Noon.AddTicks(1_234_567))),
            ("tags", new AttributeValue.TextList(["satire", "Moscow", ""])),
            ("none", new AttributeValue.TextList([]))),
    };
}
