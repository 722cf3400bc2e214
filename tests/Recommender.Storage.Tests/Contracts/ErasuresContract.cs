using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ErasuresContract(IStoreEngine engine) : StoreContract(engine)
{
    private static readonly Person _ann = Person.Customer("ann");
    private static readonly Person _annsPhone = Person.Visitor("phone-of-ann");
    private static readonly Person _bob = Person.Customer("bob");
    private static readonly Person _bobsPhone = Person.Visitor("phone-of-bob");

    private IErasures Erasures => Store.Erasures;

    private Task<Erasure> EraseAsync(string receiptId, params Person[] people) => Erasures.EraseAsync(Books, people, receiptId, Noon, Erasure.Nothing, Stop);

    [Fact]
    public async Task Everything_of_the_erased_is_gone_and_everything_of_others_is_there()
    {
        await RememberAsync(Books, _ann, _annsPhone);
        await RememberAsync(Books, _bob, _bobsPhone);
        await RememberAsync(Wines, _ann, _annsPhone);

        Erasure receipt = await EraseAsync("receipt-1", _ann, _annsPhone);
        Assert.Equal(new Dictionary<string, long>
        {
            ["events"] = 6,
            ["profiles"] = 1,
            ["links"] = 1,
            ["sessions"] = 2,
            ["contacts"] = 2,
            ["recommendations"] = 2,
            ["stages"] = 2,
        }, receipt.Deleted);
        await ReopenAsync();

        await AssertKnownAsync(Books, false, _ann, _annsPhone);
        await AssertKnownAsync(Books, true, _bob, _bobsPhone);
        await AssertKnownAsync(Wines, true, _ann, _annsPhone);
        Assert.Equal(new EventLogSize(6, 1, 1), await Store.Events.SizeAsync(Books, Stop));
    }

    [Fact]
    public async Task What_was_deleted_under_the_ids_of_others_is_counted_in_the_receipt()
    {
        await RememberAsync(Books, _ann, _annsPhone);
        var elsewhere = new Dictionary<string, long> { ["events"] = 4, ["recommendations"] = 1 };
        await Erasures.EraseAsync(Books, [_ann], "receipt-1", Noon, elsewhere, Stop);
        await Erasures.EraseAsync(Books, [_ann], "receipt-1", Noon, elsewhere, Stop);
        await ReopenAsync();

        Erasure receipt = (await Erasures.FindAsync(Books, "receipt-1", Stop))!;
        Assert.Equal((7, 2, 1), (receipt.Deleted["events"], receipt.Deleted["recommendations"], receipt.Deleted["contacts"]));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Erasures.EraseAsync(Books, [_bob], "receipt-2", Noon, new Dictionary<string, long> { ["letters"] = 1 }, Stop));
        Assert.Null(await Erasures.FindAsync(Books, "receipt-2", Stop));
    }

    [Fact]
    public async Task Who_is_erased_is_listed_by_hash_until_readmitted_with_everybody_erased_with_them()
    {
        Assert.Empty(await Erasures.PeopleAsync(Books, Stop));
        await EraseAsync("receipt-1", _ann, _annsPhone);
        await EraseAsync("receipt-2", _bob);
        await ReopenAsync();
        Assert.Equal(Hashes(_ann, _annsPhone, _bob), (await Erasures.PeopleAsync(Books, Stop)).Order(StringComparer.Ordinal));
        Assert.Empty(await Erasures.PeopleAsync(Wines, Stop));

        Assert.True(await Erasures.ReadmitAsync(Books, _annsPhone, Stop));
        Assert.Equal(Hashes(_bob), await Erasures.PeopleAsync(Books, Stop));
        await EraseAsync("receipt-3", _ann);
        await EraseAsync("receipt-4", _ann);
        Assert.Equal(Hashes(_ann, _bob), (await Erasures.PeopleAsync(Books, Stop)).Order(StringComparer.Ordinal));

        static IEnumerable<string> Hashes(params Person[] people) => people.Select(person => Erasure.HashOf(Books, person)).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_visitor_is_erased_without_the_customer_of_the_same_name()
    {
        Person namesake = Person.Visitor("ann");
        await RememberAsync(Books, _ann, namesake);
        Erasure receipt = await EraseAsync("receipt-1", namesake);
        Assert.Equal((3, 0, 1, 0), (receipt.Deleted["events"], receipt.Deleted["profiles"], receipt.Deleted["links"], receipt.Deleted["stages"]));
        Assert.NotNull(await Store.Customers.FindAsync(Books, "ann", Stop));
        Assert.Equal(3, (await Store.Events.ReadPersonAsync(Books, _ann, Stop)).Count);
        Assert.NotNull(await Store.LifeCycle.FindAsync(Books, "ann", Stop));
    }

    [Fact]
    public async Task A_receipt_says_when_who_by_hash_and_how_much_and_names_nobody()
    {
        await RememberAsync(Books, _ann, _annsPhone);
        Erasure receipt = await EraseAsync("receipt-1", _ann, _annsPhone, _ann);
        await ReopenAsync();

        Assert.Equal(("receipt-1", Noon), (receipt.ReceiptId, receipt.At));
        Assert.Equal([Erasure.HashOf(Books, _ann), Erasure.HashOf(Books, _annsPhone)], receipt.People);
        Assert.NotEqual(Erasure.HashOf(Books, _ann), Erasure.HashOf(Wines, _ann));
        AssertSame(receipt, await Erasures.FindAsync(Books, "receipt-1", Stop));
        Assert.Null(await Erasures.FindAsync(Books, "receipt-2", Stop));
        Assert.Null(await Erasures.FindAsync(Wines, "receipt-1", Stop));
    }

    [Fact]
    public async Task Erasures_are_listed_oldest_first()
    {
        Assert.Empty(await Erasures.ListAsync(Books, Stop));
        foreach (int day in (int[])[2, 1, 3]) await Erasures.EraseAsync(Books, [Person.Customer($"c{day}")], $"r{day}", Noon.AddDays(day), Erasure.Nothing, Stop);
        await Erasures.EraseAsync(Wines, [_ann], "other", Noon, Erasure.Nothing, Stop);
        Assert.Equal(["r1", "r2", "r3"], (await Erasures.ListAsync(Books, Stop)).Select(erasure => erasure.ReceiptId));
        AssertSame((await Erasures.FindAsync(Books, "r1", Stop))!, (await Erasures.ListAsync(Books, Stop))[0]);
    }

    [Fact]
    public async Task Erasing_again_with_the_same_receipt_changes_nothing_and_with_other_people_is_refused()
    {
        await RememberAsync(Books, _ann, _annsPhone);
        Erasure receipt = await EraseAsync("receipt-1", _ann, _annsPhone);
        await Store.Events.AppendAsync(Books, [View("anew", "ann")], Stop);
        AssertSame(receipt, await Erasures.EraseAsync(Books, [_annsPhone, _ann], "receipt-1", Noon.AddDays(1), Erasure.Nothing, Stop));
        Assert.Single(await Store.Events.ReadPersonAsync(Books, _ann, Stop));

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => EraseAsync("receipt-1", _bob));
        Assert.Contains("receipt-1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await EraseAsync("receipt-2", _ann)).Deleted["events"]);
    }

    [Fact]
    public async Task Whoever_is_readmitted_is_no_longer_among_the_erased_nor_who_was_erased_with_them_and_can_be_erased_again()
    {
        Assert.False(await Erasures.ReadmitAsync(Books, _ann, Stop));
        await EraseAsync("receipt-1", _ann, _annsPhone);
        await EraseAsync("of others", _bob, _bobsPhone);
        await Erasures.EraseAsync(Wines, [_bob], "receipt-1", Noon, Erasure.Nothing, Stop);
        Assert.False(await Erasures.ReadmitAsync(Wines, _ann, Stop));
        Assert.False(await Erasures.ReadmitAsync(Books, Person.Visitor("ann"), Stop));
        Assert.True(await Erasures.ReadmitAsync(Books, _ann, Stop));
        Assert.False(await Erasures.ReadmitAsync(Books, _ann, Stop));
        Assert.False(await Erasures.ReadmitAsync(Books, _annsPhone, Stop));
        await ReopenAsync();

        Assert.Empty((await Erasures.FindAsync(Books, "receipt-1", Stop))!.People);
        Assert.Equal([Erasure.HashOf(Books, _bob), Erasure.HashOf(Books, _bobsPhone)], (await Erasures.FindAsync(Books, "of others", Stop))!.People);
        Assert.Equal([Erasure.HashOf(Wines, _bob)], Assert.Single(await Erasures.ListAsync(Wines, Stop)).People);
        // A late retry of the request is answered with its receipt and erases nobody who has begun anew.
        await Store.Customers.UpsertAsync(Books, [new Customer("ann")], Stop);
        Assert.Equal("receipt-1", (await EraseAsync("receipt-1", _ann, _annsPhone)).ReceiptId);
        Assert.NotNull(await Store.Customers.FindAsync(Books, "ann", Stop));
        Assert.Equal([Erasure.HashOf(Books, _ann)], (await EraseAsync("receipt-2", _ann)).People);
        Assert.True(await Erasures.ReadmitAsync(Books, _ann, Stop));
    }

    [Fact]
    public async Task An_erased_link_moves_the_revision_of_links_on()
    {
        await RememberAsync(Books, _ann, _annsPhone);
        long seen = (await Store.Links.OfAsync(Books, _bob, Stop)).Revision;
        await EraseAsync("receipt-1", _annsPhone);
        Assert.False(await Store.Links.TryLinkAsync(Books, new("late", _annsPhone, "ann", Noon, "sign-in"), seen, Stop));
    }

    [Fact]
    public async Task Positions_of_erased_events_are_not_used_again()
    {
        long last = (await Store.Events.AppendAsync(Books, Views("e", 5), Stop))[^1].Position;
        await EraseAsync("receipt-1", _ann);
        Assert.Equal(0, await Store.Events.LastPositionAsync(Books, Stop));
        Assert.True((await Store.Events.AppendAsync(Books, [View("new", "bob")], Stop))[0].Position > last);
    }

    [Fact]
    public async Task A_person_with_many_events_holds_nobody_up()
    {
        foreach (ShopEvent[] batch in Views("e", 30_000).Chunk(10_000)) await Store.Events.AppendAsync(Books, batch, Stop);
        Task<Erasure> erasing = EraseAsync("receipt-1", _ann);
        int meanwhile = 0;
        for (; !erasing.IsCompleted; meanwhile++) await Store.Events.AppendAsync(Books, [View($"b{meanwhile}", "bob")], Stop);
        Assert.Equal(30_000, (await erasing).Deleted["events"]);
        // Writes of others went in between.
        Assert.True(meanwhile > 5, $"{meanwhile}");
        Assert.Equal(new EventLogSize(meanwhile, 1, 0), await Store.Events.SizeAsync(Books, Stop));
    }

    [Fact]
    public async Task An_erasure_that_was_interrupted_is_finished_by_the_next_opening()
    {
        const int Length = 30_000;
        foreach (ShopEvent[] batch in Views("e", Length).Chunk(10_000)) await Store.Events.AppendAsync(Books, batch, Stop);
        await RememberAsync(Books, _bob, _bobsPhone);
        Task<Erasure> erasing = EraseAsync("receipt-1", _ann, _bob);
        while ((await Store.Events.SizeAsync(Books, Stop)).Events >= Length) Assert.False(erasing.IsCompleted);
        Assert.Null(await Erasures.FindAsync(Books, "receipt-1", Stop));
        await Store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => erasing);

        await ReopenAsync();
        Erasure? receipt = await Erasures.FindAsync(Books, "receipt-1", Stop);
        Assert.Equal((Length + 3, 1), (receipt!.Deleted["events"], receipt.Deleted["profiles"]));
        Assert.Equal(new EventLogSize(3, 0, 1), await Store.Events.SizeAsync(Books, Stop));
    }

    [Fact]
    public async Task Of_many_who_send_one_erasure_all_get_the_same_receipt()
    {
        await Store.Events.AppendAsync(Books, Views("e", 5_000), Stop);
        Erasure[] receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => EraseAsync("receipt-1", _ann), Stop)));
        Assert.All(receipts, receipt => Assert.Equal(5_000, receipt.Deleted["events"]));
        Assert.Single(await Erasures.ListAsync(Books, Stop));
    }

    [Fact]
    public async Task What_names_nobody_or_nothing_is_refused_and_what_is_cancelled_beforehand_is_not_begun()
    {
        await RememberAsync(Books, _ann, _annsPhone);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => EraseAsync("receipt-1"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => EraseAsync("", _ann));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => EraseAsync("receipt-1", _ann, default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Erasures.EraseAsync(Books, [_ann], "receipt-1", Noon, Erasure.Nothing, new CancellationToken(canceled: true)));
        await ReopenAsync();
        await AssertKnownAsync(Books, true, _ann, _annsPhone);
        Assert.Empty(await Erasures.ListAsync(Books, Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_id_is_erased(string text)
    {
        await RememberAsync(Books, Person.Customer(text), Person.Visitor(text));
        await EraseAsync(text, Person.Customer(text), Person.Visitor(text));
        await AssertKnownAsync(Books, false, Person.Customer(text), Person.Visitor(text));
        Assert.Equal(text, Assert.Single(await Erasures.ListAsync(Books, Stop)).ReceiptId);
    }

    /// <summary>One of everything, three events each.</summary>
    private async Task RememberAsync(Tenant shop, Person customer, Person visitor)
    {
        await Store.Customers.UpsertAsync(shop, [new Customer(customer.Id) { Dates = CustomerStoreContract.Dates(("birthday", new(1980, 1, 31))) }], Stop);
        await Store.LifeCycle.SaveAsync(shop,
            [new(customer.Id, new(customer.Id, "expansion", Noon, "third purchase", Noon, 1, "{}"), [new("", "expansion", Noon, "third purchase")])], Stop);
        long revision = (await Store.Links.OfAsync(shop, customer, Stop)).Revision;
        Assert.True(await Store.Links.TryLinkAsync(shop, new($"link of {visitor}", visitor, customer.Id, Noon, "sign-in"), revision, Stop));
        foreach (Person person in (Person[])[customer, visitor])
        {
            await Store.Events.AppendAsync(shop, [.. Enumerable.Range(0, 3).Select(i => Purchase($"{i} of {person}") with { Person = person })], Stop);
            await Store.Sessions.TryStartAsync(shop, new($"session of {person}", "taste", 1, person, "en", Noon), Stop);
            await Store.Contacts.TryReserveAsync(shop, new Contact($"contact of {person}", person, "mail", "marketing", Noon, ContactState.Reserved)
            {
                ExpiresAt = Noon.AddHours(1),
            }, [person], [], Stop);
            await Store.Recommendations.AppendAsync(shop, [new ServedRecommendation($"answer for {person}", Noon, person, "home", "popular", "m", [])], Stop);
        }
    }

    private async Task AssertKnownAsync(Tenant shop, bool known, Person customer, Person visitor)
    {
        Assert.Equal(known, await Store.Customers.FindAsync(shop, customer.Id, Stop) is not null);
        Assert.Equal(known, await Store.LifeCycle.FindAsync(shop, customer.Id, Stop) is not null);
        Assert.Equal(known, (await Store.LifeCycle.TransitionsAsync(shop, customer.Id, Stop)).Count == 1);
        foreach (Person person in (Person[])[customer, visitor])
        {
            PersonLinks links = await Store.Links.OfAsync(shop, person, Stop);
            Assert.Equal(known ? 1 : 0, links.From.Count + links.To.Count);
            Assert.Equal(known ? 3 : 0, (await Store.Events.ReadPersonAsync(shop, person, Stop)).Count);
            Assert.Equal(known, await Store.Events.FindAsync(shop, $"0 of {person}", Stop) is not null);
            Assert.Equal(known ? 1 : 0, (await Store.Sessions.ListAsync(shop, person, Stop)).Count);
            Assert.Equal(known ? 1 : 0, (await Store.Contacts.ReadAsync(shop, [person], DateTimeOffset.MinValue, Stop)).Count);
            Assert.Equal(known ? 1 : 0, (await Store.Recommendations.ReadPersonAsync(shop, person, DateTimeOffset.MinValue, 10, Stop)).Count);
        }
    }

    // Records compare lists by reference.
    private static void AssertSame(Erasure expected, Erasure? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.ReceiptId, expected.At), (actual.ReceiptId, actual.At));
        Assert.Equal(expected.People, actual.People);
        Assert.Equal(expected.Deleted, actual.Deleted);
    }
}
