using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.Customers;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class CustomerStoreContract(IStoreEngine engine) : StoreContract(engine)
{
    private ICustomerStore Customers => Store.Customers;

    private static readonly Customer _ann = new("ann")
    {
        Attributes = ItemStoreContract.Everything("any").Attributes.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Statements = ImmutableSortedDictionary.Create<string, Statement>(StringComparer.Ordinal)
            .Add("title", new("customer", Noon.AddTicks(7), 1)).Add("pages", new("import", DateTimeOffset.MaxValue, 0.1 + 0.2)),
        Dates = Dates(("birthday", new(1980, 2, 29)), ("Wedding", DateOnly.MaxValue)),
        Consents =
        [
            new("marketing", "mail", true, Noon.AddDays(1), "sign-up"), new("marketing", "mail", false, Noon, "call"),
            new("marketing", "mail", false, Noon, "call"),
        ],
    };

    [Fact]
    public async Task A_customer_comes_back_whole_and_what_the_shop_states_is_replaced_whole()
    {
        await Customers.UpsertAsync(Books, [_ann with { Revision = 17 }, new Customer("bob")], Stop);
        await ReopenAsync();
        Assert.Equal(_ann with { Revision = 1 }, await Customers.FindAsync(Books, "ann", Stop));

        Customer restated = new("ann") { Attributes = ItemStoreContract.Attributes(("city", new AttributeValue.Text("Umeå"))), Dates = Dates(("birthday", new(1999, 1, 1))) };
        await Customers.UpsertAsync(Books, [restated], Stop);
        Assert.Equal(_ann with { Attributes = restated.Attributes, Statements = restated.Statements, Revision = 2 }, await Customers.FindAsync(Books, "ann", Stop));
        Assert.Null(await Customers.FindAsync(Books, "cara", Stop));
    }

    [Fact]
    public async Task What_the_shop_states_otherwise_is_no_longer_said_by_whoever_said_it_before()
    {
        Statement said = new("customer", Noon, 1);
        var attributes = ItemStoreContract.Attributes(("city", new AttributeValue.Text("Graz")), ("genres", new AttributeValue.TextList(["crime", "garden"])), ("height", new AttributeValue.Number(7)));
        await Customers.UpsertAsync(Books, [new Customer("cid")
        {
            Attributes = attributes,
            Statements = ImmutableSortedDictionary.Create<string, Statement>(StringComparer.Ordinal).Add("city", said).Add("genres", said).Add("height", said).Add("date:birthday", said),
            Dates = Dates(("birthday", new(1980, 2, 29))),
        }], Stop);
        await Customers.UpsertAsync(Books, [new Customer("cid") { Attributes = attributes.SetItem("city", new AttributeValue.Text("Wien")).Remove("height") }], Stop);
        Assert.Equal(["date:birthday", "genres"], (await Customers.FindAsync(Books, "cid", Stop))!.Statements.Keys);
    }

    [Fact]
    public async Task A_customer_is_written_whole_by_whoever_has_seen_the_stored_one()
    {
        Assert.False(await Customers.TryUpdateAsync(Books, _ann with { Revision = 1 }, Stop));
        Assert.True(await Customers.TryUpdateAsync(Books, _ann, Stop));
        Assert.False(await Customers.TryUpdateAsync(Books, new Customer("ann"), Stop));
        await ReopenAsync();
        Assert.Equal(_ann with { Revision = 1 }, await Customers.FindAsync(Books, "ann", Stop));

        Assert.True(await Customers.TryUpdateAsync(Books, new Customer("ann") { Revision = 1 }, Stop));
        Assert.False(await Customers.TryUpdateAsync(Books, _ann with { Revision = 1 }, Stop));
        Assert.False(await Customers.TryUpdateAsync(Books, _ann with { Revision = 3 }, Stop));
        Assert.Equal(new Customer("ann") { Revision = 2 }, Assert.Single(await Customers.ListAsync(Books, null, 10, Stop)));
    }

    [Fact]
    public async Task What_the_shop_states_meanwhile_is_not_overwritten()
    {
        await Customers.UpsertAsync(Books, [new Customer("ann")], Stop);
        await Customers.UpsertAsync(Books, [_ann], Stop);
        Assert.False(await Customers.TryUpdateAsync(Books, new Customer("ann") { Revision = 1 }, Stop));
        Assert.Equal(_ann.Attributes, (await Customers.FindAsync(Books, "ann", Stop))!.Attributes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_many_who_change_one_customer_exactly_one_does(int revision)
    {
        if (revision == 1) await Customers.UpsertAsync(Books, [_ann], Stop);
        bool[] changed = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Customers.TryUpdateAsync(Books, _ann with { Revision = revision, Dates = Dates(("number", DateOnly.FromDayNumber(i))) }, Stop), Stop)));
        Assert.Single(changed, one => one);
        Customer? now = await Customers.FindAsync(Books, "ann", Stop);
        Assert.Equal((revision + 1, Array.IndexOf(changed, true)), (now!.Revision, now.Dates["number"].DayNumber));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        Customer customer = new(text)
        {
            Attributes = ItemStoreContract.Attributes((text, new AttributeValue.Text(text))),
            Statements = ImmutableSortedDictionary.Create<string, Statement>(StringComparer.Ordinal).Add(text, new(text, Noon, 0.5)),
            Dates = Dates((text, DateOnly.MinValue)),
            Consents = [new(text, text, false, Noon, text)],
        };
        await Customers.UpsertAsync(Books, [customer], Stop);
        Assert.Equal(customer with { Revision = 1 }, await Customers.FindAsync(Books, text, Stop));
    }

    [Fact]
    public async Task Customers_are_listed_page_by_page_and_deleted_by_id()
    {
        await Customers.UpsertAsync(Books, [.. Enumerable.Range(0, 10).Reverse().Select(i => new Customer($"c{i}"))], Stop);
        Assert.Equal(["c0", "c1", "c2"], (await Customers.ListAsync(Books, null, 3, Stop)).Select(customer => customer.Id));
        Assert.Equal(["c8", "c9"], (await Customers.ListAsync(Books, "c7", 3, Stop)).Select(customer => customer.Id));
        Assert.Equal(2, await Customers.DeleteAsync(Books, ["c1", "c2", "c2", "unknown"], Stop));
        Assert.Equal(8, await Customers.CountAsync(Books, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        Customer other = new("ann") { Attributes = ItemStoreContract.Attributes(("city", new AttributeValue.Text("Umeå"))) };
        await Customers.UpsertAsync(Books, [new Customer("ann")], Stop);
        await Customers.UpsertAsync(Wines, [other], Stop);
        Assert.Equal(1, await Customers.DeleteAsync(Books, ["ann"], Stop));
        Assert.Null(await Customers.FindAsync(Books, "ann", Stop));
        Assert.Equal(0, await Customers.CountAsync(Books, Stop));
        Assert.Equal([other with { Revision = 1 }], await Customers.ListAsync(Wines, null, 10, Stop));
    }

    public static readonly TheoryData<string, Customer> Unstorable = new()
    {
        { "has no id", new("") }, { "half", new("half \ud83d") },
        { "customer bad: source of the statement city", new("bad") { Statements = _ann.Statements.Add("city", new("\ud83d", Noon, 1)) } },
        { "customer bad: confidence of the statement city", new("bad") { Statements = _ann.Statements.Add("city", new("staff", Noon, double.NaN)) } },
        { "customer bad: the name of a date", new("bad") { Dates = _ann.Dates.Add("\ud83d", default) } },
        { "customer bad: channel of a consent", new("bad") { Consents = _ann.Consents.Add(new("marketing", null!, true, Noon, "staff")) } },
        { "customer bad: stars", new("bad") { Attributes = ItemStoreContract.Attributes(("stars", new AttributeValue.Number(double.NaN))) } },
    };

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task What_could_not_be_given_back_is_refused_with_the_whole_batch(string named, Customer customer)
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => Customers.UpsertAsync(Books, [_ann, customer], Stop));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Customers.TryUpdateAsync(Books, customer, Stop));
        Assert.Equal(0, await Customers.CountAsync(Books, Stop));
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_is_not_begun()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Customers.UpsertAsync(Books, [_ann], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Customers.TryUpdateAsync(Books, _ann, cancelled));
        Assert.Equal(0, await Customers.CountAsync(Books, Stop));
    }

    internal static ImmutableSortedDictionary<string, DateOnly> Dates(params (string Name, DateOnly Day)[] dates) =>
        dates.ToImmutableSortedDictionary(date => date.Name, date => date.Day, StringComparer.Ordinal);
}
