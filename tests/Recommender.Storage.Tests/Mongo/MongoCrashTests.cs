using System.Text;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>A server that dies at any of its commands, and another that comes after it.</summary>
public sealed class MongoCrashTests : IAsyncDisposable
{
    // No id of anybody else, and nothing that a document has by chance.
    private static readonly Person _ann = Person.Customer("ann-whom-nobody-remembers");
    private static readonly Person _phone = Person.Visitor("phone-that-nobody-remembers");
    private static readonly Tenant _shop = Tenant.Default;

    private readonly FaultyEngine _engine = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_whose_maker_died_is_there_wholly_or_not_at_all()
    {
        await using var other = await _engine.OpenAsync(Stop);
        var person = Person.Customer("ann");
        bool isEntered = false;
        await ForEveryCommandAsync(async (store, number) =>
        {
            long seen = (await other.Links.OfAsync(_shop, person, Stop)).Revision;
            IdentityLink link = new($"link {number}", Person.Visitor($"v{number}"), "ann", Noon, "sign-in");
            await TryAsync(() => store.Links.TryLinkAsync(_shop, link, seen, Stop));
            var now = await other.Links.OfAsync(_shop, person, Stop);
            isEntered = now.To.Contains(link);
            Assert.Equal(isEntered ? seen + 1 : seen, now.Revision);
            Assert.Equal(!isEntered, await other.Links.TryLinkAsync(_shop, link with { Id = $"next {number}" }, seen, Stop));
        });
        Assert.True(isEntered);
    }

    [Fact]
    public async Task An_end_whose_maker_died_is_there_wholly_or_not_at_all()
    {
        await using var other = await _engine.OpenAsync(Stop);
        await ForEveryCommandAsync(async (store, number) =>
        {
            var visitor = Person.Visitor($"v{number}");
            IdentityLink link = new($"link {number}", visitor, "ann", Noon, "sign-in");
            Assert.True(await other.Links.TryLinkAsync(_shop, link, (await other.Links.OfAsync(_shop, visitor, Stop)).Revision, Stop));
            long seen = (await other.Links.OfAsync(_shop, visitor, Stop)).Revision;
            await TryAsync(() => store.Links.TryEndAsync(_shop, link.Id, Noon, seen, Stop));
            var now = await other.Links.OfAsync(_shop, visitor, Stop);
            Assert.Equal(now.From.Single().EndedAt is null ? seen : seen + 1, now.Revision);
        });
    }

    [Fact]
    public async Task A_contact_whose_sender_died_counts_or_leaves_its_place_to_another()
    {
        await using var other = await _engine.OpenAsync(Stop);
        var outcomes = new HashSet<string>();
        await ForEveryCommandAsync(async (store, number) =>
        {
            var person = Person.Customer($"c{number}");
            await TryAsync(() => ReserveAsync(store, "first", person, number));
            var outcome = await ReserveAsync(other, "second", person, number);
            outcomes.Add(outcome.Granted is null ? "first" : "second");
            // Nobody comes back from the dead with it.
            await ReserveAsync(other, "third", person, number);
            Assert.Equal($"{(outcome.Granted is null ? "first" : "second")} of {number}", Assert.Single(await other.Contacts.ReadAsync(_shop, [person], DateTimeOffset.MinValue, Stop)).Id);
        });
        Assert.Equal(2, outcomes.Count);
        await AssertNothingPendingAsync();
    }

    [Fact]
    public async Task What_was_decided_and_not_carried_out_is_moved_with_the_shop()
    {
        await using var other = await _engine.OpenAsync(Stop);
        foreach (var (kind, collection) in new[] { (RecordKind.Link, MongoCollections.Links), (RecordKind.Contact, MongoCollections.Contacts) })
        {
            var (store, transport) = await _engine.OpenFaultyAsync((_, _) => Failure.None, Stop);
            await using var _ = store;
            transport.FailAt = (command, where) => command == "update" && where == collection ? Failure.Die : Failure.None;
            Assert.False(await TryAsync(() => kind == RecordKind.Link ? store.Links.TryLinkAsync(_shop, new("link", _phone, _ann.Id, Noon, "sign-in"), 0, Stop) : ReserveAsync(store, "pending", _phone, 1)));
            Assert.Empty(await DocumentsAsync(collection, _ => { }));
            Assert.Single((await other.Records.ReadAsync(_shop, kind, null, Stop)).Records);
        }
        Assert.Equal([new ShopRecord.OfCounters(0, 1)], (await other.Records.ReadAsync(_shop, RecordKind.Counters, null, Stop)).Records);
    }

    [Fact]
    public async Task An_erasure_whose_server_died_is_finished_by_another_counts_everything_once_and_names_nobody()
    {
        await using var other = await _engine.OpenAsync(Stop);
        int died = 0;
        // Not at every command: each time the lease must lapse.
        for (int number = 2; number < 60; number += 7)
        {
            await RememberAsync(other);
            var (store, transport) = await _engine.OpenFaultyAsync((_, _) => Failure.None, Stop);
            await using var _ = store;
            // It leaves an intent, too.
            transport.FailAt = (command, collection) => command == "update" && collection == MongoCollections.Contacts ? Failure.Die : Failure.None;
            await TryAsync(() => ReserveAsync(store, "pending", _phone, number));

            var (second, dying) = await _engine.OpenFaultyAsync(DieAt(number), Stop);
            await using var __ = second;
            if (!await TryAsync(() => second.Erasures.EraseAsync(_shop, [_ann, _phone], $"r{number}", Noon, Erasure.Nothing, Stop))) died++;
            var receipt = await other.Erasures.EraseAsync(_shop, [_ann, _phone], $"r{number}", Noon, Erasure.Nothing, Stop);
            Assert.Equal((3, 1, 1, 1, 1, 1), (receipt.Deleted["events"], receipt.Deleted["profiles"], receipt.Deleted["links"], receipt.Deleted["sessions"], receipt.Deleted["contacts"], receipt.Deleted["stages"]));
            await AssertNobodyIsNamedAsync();
        }
        Assert.True(died >= 3, $"{died}");
    }

    [Fact]
    public async Task What_a_slow_server_writes_of_the_erased_after_the_receipt_does_not_stay()
    {
        await using var slow = await _engine.OpenAsync(Stop);
        await using var other = await _engine.OpenAsync(Stop);
        await RememberAsync(other);
        var receipt = await other.Erasures.EraseAsync(_shop, [_ann, _phone], "receipt", Noon, Erasure.Nothing, Stop);
        await slow.Customers.UpsertAsync(_shop, [new Customer(_ann.Id)], Stop);
        await slow.Events.AppendAsync(_shop, [View("late") with { Person = _ann }], Stop);
        await AssertNobodyIsNamedAsync();
        Assert.Equal(receipt.Deleted, (await other.Erasures.FindAsync(_shop, "receipt", Stop))!.Deleted);
    }

    [Fact]
    public async Task An_intent_that_is_carried_out_late_brings_nobody_back_who_was_erased()
    {
        await using var other = await _engine.OpenAsync(Stop);
        var reached = new TaskCompletionSource();
        var erased = new TaskCompletionSource();
        var (store, transport) = await _engine.OpenFaultyAsync((_, _) => Failure.None, Stop);
        await using var _ = store;
        transport.BeforeAsync = async (command, collection) =>
        {
            if (command != "update" || collection != MongoCollections.Contacts) return;
            reached.TrySetResult();
            await erased.Task;
        };
        var reserving = ReserveAsync(store, "late", _phone, 0);
        await reached.Task.WaitAsync(Stop);
        await other.Erasures.EraseAsync(_shop, [_phone], "receipt", Noon, Erasure.Nothing, Stop);
        erased.SetResult();
        await Task.WhenAny(reserving, Task.Delay(TimeSpan.FromSeconds(5), Stop));
        Assert.Empty(await other.Contacts.ReadAsync(_shop, [_phone], DateTimeOffset.MinValue, Stop));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static Task<ReservationOutcome> ReserveAsync(IShopStore store, string id, Person person, int number) => store.Contacts.TryReserveAsync(_shop,
        new($"{id} of {number}", person, "mail", "marketing", Noon, ContactState.Reserved) { ExpiresAt = Noon.AddHours(1) }, [person],
        [new("1 mail", ["mail"], Noon.AddDays(-7), 1)], Stop);

    private static async Task RememberAsync(IShopStore store)
    {
        await store.Events.AppendAsync(_shop, [.. Views("e", 3).Select(view => view with { Person = _ann })], Stop);
        await store.Customers.UpsertAsync(_shop, [new Customer(_ann.Id)], Stop);
        await store.LifeCycle.SaveAsync(_shop, [new(_ann.Id, new(_ann.Id, "expansion", Noon, "", null, 1, "{}"), [])], Stop);
        await store.Sessions.TryStartAsync(_shop, new("session", "taste", 1, _phone, "en", Noon), Stop);
        Assert.True(await store.Links.TryLinkAsync(_shop, new("link", _phone, _ann.Id, Noon, "sign-in"), (await store.Links.OfAsync(_shop, _ann, Stop)).Revision, Stop));
    }

    /// <summary>Runs a test for a server that dies at its first command, at its second, and so on until it lives.</summary>
    private async Task ForEveryCommandAsync(Func<IShopStore, int, Task> test)
    {
        for (int number = 1; ; number++)
        {
            int commands = 0;
            var (store, _) = await _engine.OpenFaultyAsync((_, _) => Interlocked.Increment(ref commands) == number ? Failure.Die : Failure.None, Stop);
            await using (store) await test(store, number);
            if (commands < number) return;
        }
    }

    private static Func<string, string, Failure> DieAt(int number)
    {
        int commands = 0;
        return (_, _) => Interlocked.Increment(ref commands) == number ? Failure.Die : Failure.None;
    }

    private static async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (ProcessDiedException) { return false; }
    }

    private async Task AssertNothingPendingAsync() => Assert.Empty(await DocumentsAsync(MongoCollections.ContactLocks, filter => filter.BeginDocument("intent").Boolean("$exists", true).End()));

    private async Task AssertNobodyIsNamedAsync()
    {
        // Until they were looked for once more, which whoever opens the store does, the receipt names them.
        await (await _engine.OpenAsync(Stop)).DisposeAsync();
        foreach (string collection in MongoCollections.All.Select(one => one.Name))
        {
            foreach (byte[] document in await DocumentsAsync(collection, _ => { }))
                Assert.All((Person[])[_ann, _phone], person => Assert.True(document.AsSpan().IndexOf(Encoding.UTF8.GetBytes(person.Id)) < 0, $"{collection} names {person}"));
        }
    }

    private async Task<List<byte[]>> DocumentsAsync(string collection, Action<BsonWriter> filter)
    {
        var (database, connection) = _engine.Connect();
        await using var _ = connection;
        return await database.Collection(collection).FindAsync(filter, null, int.MaxValue, document => document.ToArray(), MongoTarget.Primary, Stop);
    }
}
