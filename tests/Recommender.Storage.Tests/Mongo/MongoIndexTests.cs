using System.Text;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoIndexTests : IAsyncDisposable
{
    private static readonly Tenant _shop = Tenant.Default;
    private readonly FaultyEngine _engine = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_about_people_and_items_goes_by_an_index()
    {
        var (store, transport) = await _engine.OpenFaultyAsync((_, _) => Failure.None, Stop);
        await using var _ = store;
        await FillAsync(store);
        transport.Queries.Clear();
        await AskAsync(store);
        var queries = transport.Queries.ToArray();
        Assert.True(queries.Length >= 18, $"{queries.Length}");

        var (database, connection) = _engine.Connect();
        await using var __ = connection;
        foreach (byte[] query in queries)
        {
            using var plan = await database.RunAsync(command => command.BeginDocument("explain").With(explained => Copy(explained, query)).End().String("verbosity", "queryPlanner"),
                MongoTarget.Primary, Stop);
            string text = Encoding.UTF8.GetString(plan.Document);
            Assert.False(text.Contains("COLLSCAN", StringComparison.Ordinal) || text.Contains("Seq Scan", StringComparison.Ordinal),
                $"{string.Join(' ', Words(query))} reads a whole collection: {string.Join(' ', Words(plan.Document))}");
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static async Task FillAsync(IShopStore store)
    {
        await store.Items.UpsertAsync(_shop, [.. Enumerable.Range(0, 300).Select(i => new Item($"i{i}"))], Stop);
        await store.Customers.UpsertAsync(_shop, [.. Enumerable.Range(0, 300).Select(i => new Customer($"c{i}"))], Stop);
        await store.LifeCycle.SaveAsync(_shop, [.. Enumerable.Range(0, 300).Select(i => new CustomerHistory($"c{i}", new($"c{i}", $"s{i % 5}", Noon, "", Noon.AddDays(i), i, "{}"), []))], Stop);
        await store.Events.AppendAsync(_shop, Views("e", 300), Stop);
        for (int i = 0; i < 30; i++)
        {
            await store.Sessions.TryStartAsync(_shop, new($"s{i}", "taste", 1, Person.Visitor($"v{i}"), "en", Noon), Stop);
            await store.Links.TryLinkAsync(_shop, new($"l{i}", Person.Visitor($"v{i}"), $"c{i}", Noon, ""), i, Stop);
            await store.Contacts.TryReserveAsync(_shop, Mail($"m{i}", i), [Person.Customer($"c{i}")], [], Stop);
        }
    }

    private static async Task AskAsync(IShopStore store)
    {
        await store.Items.FindAsync(_shop, "i7", Stop);
        await store.Items.ListAsync(_shop, "i7", 10, Stop);
        await store.Customers.FindAsync(_shop, "c7", Stop);
        await store.Customers.ListAsync(_shop, null, 10, Stop);
        await store.Customers.UpsertAsync(_shop, [new Customer("c7"), new Customer("new")], Stop);
        await store.LifeCycle.FindAsync(_shop, "c7", Stop);
        await store.LifeCycle.ListAsync(_shop, "c7", 10, Stop);
        await store.LifeCycle.ListStageAsync(_shop, "s3", null, 10, Stop);
        await store.LifeCycle.ListStageAsync(_shop, "s3", new WorthPlace(100, "c7"), 10, Stop);
        await store.LifeCycle.DueAsync(_shop, Noon.AddDays(7), 10, Stop);
        await store.Sessions.ListAsync(_shop, Person.Visitor("v7"), Stop);
        await store.Links.OfAsync(_shop, Person.Customer("c7"), Stop);
        await store.Links.OfAsync(_shop, Person.Visitor("v7"), Stop);
        await foreach (var _ in store.Links.ReadHoldingAsync(_shop, Stop)) { }
        await store.Contacts.TryReserveAsync(_shop, Mail("another", 7), [Person.Customer("c7"), Person.Visitor("v7")], [new("1 mail", ["mail"], Noon.AddDays(-1), 9)], Stop);
        await store.Erasures.EraseAsync(_shop, [Person.Customer("c9"), Person.Visitor("v9")], "r", Noon, Erasure.Nothing, Stop);
        await store.Erasures.ListAsync(_shop, Stop);
    }

    private static Contact Mail(string id, int customer) =>
        new(id, Person.Customer($"c{customer}"), "mail", "marketing", Noon, ContactState.Reserved) { ExpiresAt = Noon.AddHours(1) };

    private static void Copy(BsonWriter explained, byte[] query)
    {
        var fields = new BsonReader(query);
        while (fields.Read())
        {
            if (!fields.Is("maxTimeMS"u8)) explained.Raw(fields.Type, fields.Name, fields.Value);
        }
    }

    /// <summary>The names and texts in a document, to be read by somebody.</summary>
    private static List<string> Words(ReadOnlySpan<byte> document)
    {
        var words = new List<string>();
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            words.Add(fields.Name);
            if (fields.Type == BsonType.String) words.Add(fields.String());
            if (fields.Type is BsonType.Document or BsonType.Array) words.AddRange(Words(fields.Document()));
        }
        return words;
    }
}
