using Recommender.Interactions;
using Recommender.Storage;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Benchmarks;

/// <summary>Both engines, empty: a folder beside the program, and a database of its own on the server that the environment names.</summary>
internal static class StoreEngines
{
    public const string Embedded = "SQLite";
    public const string Shared = "MongoDB";
    public const string Variable = "RECOMMENDER_TEST_MONGODB";

    // Beside the program, not in the temporary folder: that one may be memory.
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "store-engines");

    /// <summary>The engines that are there.</summary>
    public static IEnumerable<string> All => Environment.GetEnvironmentVariable(Variable) is null ? [Embedded] : [Embedded, Shared];

    public static string Database { get; } = $"benchmark_{Environment.ProcessId}";

    public static Task<IShopStore> OpenAsync(string engine)
    {
        if (engine == Embedded && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        return ShopLocation.Parse(engine == Embedded ? _folder : Uri).OpenAsync(TimeProvider.System, CancellationToken.None);
    }

    public static string Uri
    {
        get
        {
            var server = new UriBuilder(Environment.GetEnvironmentVariable(Variable)!) { Path = $"/{Database}" };
            return server.Uri.ToString();
        }
    }

    public static IMongoTransport Transport() => new MongoTransport(Uri, new MongoOptions { Connections = 1 });

    /// <summary>One event by its key, with nothing between: the bytes are not looked at.</summary>
    public static async Task FindRawAsync(IMongoTransport driver, string eventId)
    {
        using var command = new BsonWriter();
        command.String("find", "events").BeginDocument("filter").String("_id", $"{Tenant.Default}/{eventId}").End().Int32("limit", 1).Int32("batchSize", 1);
        (await driver.RunAsync(Database, command.Close(), MongoTarget.Primary, TimeSpan.FromSeconds(20), CancellationToken.None)).Dispose();
    }

    /// <summary>A customer's events in their order, the same way.</summary>
    public static async Task FindHistoryRawAsync(IMongoTransport driver, Person customer)
    {
        using var command = new BsonWriter();
        command.String("find", "events")
            .BeginDocument("filter").String("tenant", Tenant.Default.Id).String("person.kind", "customer").String("person.id", customer.Id).End()
            .BeginDocument("sort").Int32("position", 1).End().Int32("batchSize", 1000);
        (await driver.RunAsync(Database, command.Close(), MongoTarget.Primary, TimeSpan.FromSeconds(20), CancellationToken.None)).Dispose();
    }

    public static async Task RemoveAsync(string engine)
    {
        if (engine == Embedded)
        {
            Directory.Delete(_folder, recursive: true);
            return;
        }
        await using var driver = Transport();
        using var command = new BsonWriter();
        (await driver.RunAsync(Database, command.Int32("dropDatabase", 1).Close(), MongoTarget.Primary, TimeSpan.FromSeconds(60), CancellationToken.None)).Dispose();
    }

    /// <summary>A purchase as a shop sends it: ids of 36 letters that grow with time, customers in no order.</summary>
    public static ShopEvent Purchase(int number, Random random, int customers) => new()
    {
        EventId = $"01985f3a-{number >> 16:x4}-7{number & 0xfff:x3}-{random.Next(1 << 16):x4}-{number:x12}",
        Type = EventTypes.Purchase,
        Person = Person.Customer($"customer-{random.Next(customers)}"),
        ItemId = $"item-{random.Next(10_000)}",
        Price = 12.95m,
        Currency = "EUR",
        Channel = "web",
        OrderId = $"order-{number / 3}",
        OccurredAt = DateTimeOffset.UnixEpoch.AddSeconds(number),
    };
}
