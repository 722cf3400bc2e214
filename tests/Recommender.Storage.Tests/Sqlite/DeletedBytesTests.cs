using System.Text;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

/// <summary>What was erased is not to be found in the files, by any means.</summary>
public sealed class DeletedBytesTests
{
    private const string Secret = "zerafina";
    private static readonly Person _person = Person.Customer(Secret);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_an_erasure_no_byte_of_the_person_is_left_in_the_log_and_once_closed_none_in_the_database()
    {
        await using var engine = new SqliteEngine();
        await using (IShopStore store = await engine.OpenAsync(Stop))
        {
            await FillAsync(store, 40);
            Assert.NotEqual(0, Occurrences(engine, "shop.db-wal"));
            await store.Erasures.EraseAsync(Tenant.Default, [_person, Person.Visitor($"phone of {Secret}")], "receipt", Events.Noon, Erasure.Nothing, Stop);
            Assert.Equal(0, Occurrences(engine, "shop.db-wal"));
        }
        Assert.Equal(0, Occurrences(engine, "shop.db*"));
        await using IShopStore again = await engine.OpenAsync(Stop);
        Assert.Equal(4_000, (await again.Events.ReadAllAsync(Tenant.Default)).Count);
    }

    [Fact]
    public async Task After_forgetting_no_byte_of_the_events_is_left_in_the_database_or_its_log()
    {
        await using var engine = new SqliteEngine();
        await using IShopStore store = await engine.OpenAsync(Stop);
        ShopEvent complaint = Events.View($"{Secret}'s complaint") with { Type = EventTypes.Complaint, Text = $"I, {Secret}, am not amused" };
        await store.Events.AppendAsync(Tenant.Default, [Events.View("before"), complaint, Events.View("after")], Stop);
        Assert.NotEqual(0, Occurrences(engine, "shop.db*"));
        Assert.Equal(1, await store.Events.ForgetAsync(Tenant.Default, complaint.Person, [complaint.EventId], Stop));
        Assert.Equal(0, Occurrences(engine, "shop.db*"));
    }

    /// <summary>Rounds of the person's and other people's events, in ids that grow and ids that do not, so that pages of all indexes split.</summary>
    private static async Task FillAsync(IShopStore store, int rounds)
    {
        var random = new Random(20261122);
        Person phone = Person.Visitor($"phone of {Secret}");
        await store.Customers.UpsertAsync(Tenant.Default, [new Customer(Secret) { Consents = [new("marketing", "mail", true, Events.Noon, Secret)] }], Stop);
        await store.Links.TryLinkAsync(Tenant.Default, new("link", phone, Secret, Events.Noon, "sign-in"), 0, Stop);
        for (int round = 0; round < rounds; round++)
        {
            await store.Events.AppendAsync(Tenant.Default, [.. Enumerable.Range(0, 100).Select(_ => Events.View($"{random.Next():x8}", $"c{random.Next(5_000)}"))], Stop);
            await store.Events.AppendAsync(Tenant.Default, [.. Enumerable.Range(0, 10).Select(i => Events.View($"{random.Next():x8} {Secret}") with
            {
                Person = i % 2 == 0 ? _person : phone,
                Text = new string('-', random.Next(3_000)) + Secret,
            })], Stop);
            await store.LifeCycle.SaveAsync(Tenant.Default,
                [.. Enumerable.Range(0, 20).Select(_ => State($"c{random.Next(5_000)}")).Append(State(Secret))
                    .Select(state => new CustomerHistory(state.CustomerId, state, [new("", $"stage {round}", Events.Noon, state.CustomerId)]))], Stop);
            await store.Recommendations.AppendAsync(Tenant.Default, [new($"{random.Next():x8}", Events.Noon, _person, "home", "popular", Secret, [])], Stop);
            await store.Sessions.TryStartAsync(Tenant.Default, new($"{random.Next():x8}", "taste", 1, phone, Secret, Events.Noon), Stop);
            await store.Contacts.TryReserveAsync(Tenant.Default, new($"{random.Next():x8}", _person, "mail", Secret, Events.Noon, Pressure.ContactState.Reserved)
            {
                ExpiresAt = Events.Noon.AddDays(1),
            }, [_person], [], Stop);
        }
    }

    private static CustomerState State(string customer) => new(customer, "expansion", Events.Noon, customer, Events.Noon, 1, customer);

    private static int Occurrences(SqliteEngine engine, string files)
    {
        int found = 0;
        foreach (string file in Directory.GetFiles(engine.Folder, files))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            found += bytes.AsSpan().Count(Encoding.UTF8.GetBytes(Secret));
        }
        return found;
    }
}
