using Recommender.Customers;
using Recommender.Interactions;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class IdentityLinksContract(IStoreEngine engine) : StoreContract(engine)
{
    private IIdentityLinks Links => Store.Links;

    private static IdentityLink Link(string id, string visitor = "cookie", string customer = "ann") =>
        new(id, Person.Visitor(visitor), customer, Noon.AddTicks(7), "sign-in");

    [Fact]
    public async Task A_link_is_found_from_both_ends_as_it_was_made()
    {
        IdentityLink device = Link("1"), account = new("2", Person.Customer("ann-old"), "ann", Noon, "staff");
        Assert.True(await Links.TryLinkAsync(Books, device, 0, Stop));
        Assert.True(await Links.TryLinkAsync(Books, account, 1, Stop));
        await ReopenAsync();

        PersonLinks ann = await OfAsync(Person.Customer("ann"));
        Assert.Equal([device, account], ann.To);
        Assert.Empty(ann.From);
        Assert.Equal(2, ann.Revision);
        Assert.Equal([device], (await OfAsync(Person.Visitor("cookie"))).From);
        Assert.Equal([account], (await OfAsync(Person.Customer("ann-old"))).From);
        Assert.Empty((await OfAsync(Person.Visitor("ann"))).To);
        Assert.Empty((await OfAsync(Person.Customer("cookie"))).From);
    }

    [Fact]
    public async Task Links_of_one_person_come_in_the_order_of_their_making_whatever_their_dates_and_ids()
    {
        string[] ids = ["c", "a", "d", "b"];
        for (int i = 0; i < ids.Length; i++) Assert.True(await Links.TryLinkAsync(Books, Link(ids[i], customer: $"c{i}") with { Since = Noon.AddDays(-i) }, i, Stop));
        Assert.True(await Links.TryEndAsync(Books, "d", Noon, 4, Stop));
        Assert.Equal(ids, (await OfAsync(Person.Visitor("cookie"))).From.Select(link => link.Id));
    }

    [Fact]
    public async Task A_change_made_on_what_is_no_longer_so_changes_nothing()
    {
        Assert.Equal(0, (await OfAsync(Person.Customer("ann"))).Revision);
        Assert.True(await Links.TryLinkAsync(Books, Link("1"), 0, Stop));
        Assert.False(await Links.TryLinkAsync(Books, Link("2", visitor: "another"), 0, Stop));
        Assert.False(await Links.TryLinkAsync(Books, Link("2"), 2, Stop));
        Assert.False(await Links.TryEndAsync(Books, "1", Noon, 0, Stop));

        PersonLinks ann = await OfAsync(Person.Customer("ann"));
        Assert.Equal(1, ann.Revision);
        Assert.Equal([Link("1")], ann.To);
    }

    [Fact]
    public async Task A_link_is_ended_once_stays_readable_and_moves_the_revision_on()
    {
        await Links.TryLinkAsync(Books, Link("1"), 0, Stop);
        Assert.False(await Links.TryEndAsync(Books, "unknown", Noon, 1, Stop));
        Assert.True(await Links.TryEndAsync(Books, "1", Noon.AddDays(1), 1, Stop));
        Assert.False(await Links.TryEndAsync(Books, "1", Noon.AddDays(2), 2, Stop));

        PersonLinks ann = await OfAsync(Person.Customer("ann"));
        Assert.Equal(2, ann.Revision);
        Assert.Equal([Link("1") with { EndedAt = Noon.AddDays(1) }], ann.To);
        Assert.Empty(await ReadHoldingAsync());
    }

    [Fact]
    public async Task An_id_is_entered_once()
    {
        await Links.TryLinkAsync(Books, Link("1"), 0, Stop);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Links.TryLinkAsync(Books, Link("1", customer: "bob"), 1, Stop));
        Assert.Contains("link 1 ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await OfAsync(Person.Customer("bob"))).Revision);
        Assert.Equal([Link("1")], (await OfAsync(Person.Customer("ann"))).To);
    }

    [Fact]
    public async Task Of_many_changes_racing_on_one_revision_exactly_one_is_made()
    {
        for (int revision = 0; revision < 8; revision++)
        {
            int seen = revision;
            bool[] made = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
                () => Links.TryLinkAsync(Books, Link($"{seen}-{i}", visitor: $"v{i}"), seen, Stop), Stop)));
            Assert.Single(made, one => one);
        }
        PersonLinks ann = await OfAsync(Person.Customer("ann"));
        Assert.Equal((8, 8), (ann.Revision, ann.To.Count));
    }

    [Fact]
    public async Task Links_that_hold_are_read_page_by_page()
    {
        for (int i = 0; i < 1_100; i++) await Links.TryLinkAsync(Books, Link($"{i}", visitor: $"v{i}"), i, Stop);
        for (int i = 0; i < 1_100; i += 100) await Links.TryEndAsync(Books, $"{i}", Noon, 1_100 + (i / 100), Stop);
        await Links.TryLinkAsync(Wines, Link("other"), 0, Stop);
        Assert.Equal(Enumerable.Range(0, 1_100).Where(i => i % 100 != 0).Select(i => Link($"{i}", visitor: $"v{i}")).ToHashSet(), [.. await ReadHoldingAsync()]);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        IdentityLink link = new(text, Person.Visitor(text), text, Noon, text) { EndedAt = Noon.AddDays(1) };
        Assert.True(await Links.TryLinkAsync(Books, link, 0, Stop));
        Assert.Equal([link], (await OfAsync(Person.Visitor(text))).From);
        Assert.Equal([link], (await OfAsync(Person.Customer(text))).To);
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Links.TryLinkAsync(Books, Link("1"), 0, Stop);
        Assert.True(await Links.TryLinkAsync(Wines, Link("1"), 0, Stop));
        Assert.True(await Links.TryEndAsync(Wines, "1", Noon, 1, Stop));
        PersonLinks ann = await OfAsync(Person.Customer("ann"));
        Assert.Equal(1, ann.Revision);
        Assert.Equal([Link("1")], ann.To);
    }

    public static readonly TheoryData<string, IdentityLink> Unstorable = new()
    {
        { "no id", Link("") }, { "link 1: person", Link("1", visitor: "") }, { "link 1: customer_id", Link("1", customer: "") },
        { "link 1: source", Link("1") with { Source = "\ud83d" } }, { "link 1: kind", Link("1") with { From = new Person((PersonKind)7, "x") } },
    };

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task What_could_not_be_given_back_is_refused(string named, IdentityLink link)
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => Links.TryLinkAsync(Books, link, 0, Stop));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await OfAsync(Person.Customer("ann"))).Revision);
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_is_not_begun()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Links.TryLinkAsync(Books, Link("1"), 0, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Links.OfAsync(Books, Person.Customer("ann"), cancelled));
        Assert.Equal(0, (await OfAsync(Person.Customer("ann"))).Revision);
    }

    private Task<PersonLinks> OfAsync(Person person) => Links.OfAsync(Books, person, Stop);

    private async Task<List<IdentityLink>> ReadHoldingAsync()
    {
        var links = new List<IdentityLink>();
        await foreach (IdentityLink link in Links.ReadHoldingAsync(Books, Stop)) links.Add(link);
        return links;
    }
}
