using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>A database of its own on a real server, dropped with the test. Which server, an environment variable says.</summary>
internal sealed class MongoEngine(string variable = MongoEngine.Plain) : IStoreEngine
{
    public const string Plain = "RECOMMENDER_TEST_MONGODB";
    public const string Tls = "RECOMMENDER_TEST_MONGODB_TLS";
    public const string ReplicaSet = "RECOMMENDER_TEST_MONGODB_REPLICA_SET";

    public string Database { get; } = $"test_{Guid.NewGuid():N}";

    public string Cache { get; } = Path.Combine(Path.GetTempPath(), $"recommender-models-{Guid.NewGuid():N}");

    public string Uri => Environment.GetEnvironmentVariable(variable)
        ?? Missing($"{variable} names no MongoDB; start one and set it (README, \"MongoDB\")");

    public async Task<IShopStore> OpenAsync(CancellationToken cancellation)
    {
        var options = new MongoOptions { ModelCache = Cache };
        return await MongoShopStore.OpenAsync(new MongoTransport(Uri, options), Database, options, TimeProvider.System, cancellation);
    }

    public Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation) => ShopLocation.Parse(UriOfDatabase).OpenFilesAsync(cancellation);

    private string UriOfDatabase
    {
        get
        {
            int query = Uri.IndexOf('?', StringComparison.Ordinal);
            string servers = query < 0 ? Uri : Uri[..query];
            int path = servers.IndexOf('/', servers.IndexOf("://", StringComparison.Ordinal) + 3);
            return $"{(path < 0 ? servers : servers[..path])}/{Database}{(query < 0 ? "" : Uri[query..])}";
        }
    }

    /// <summary>The same over a network that can be made to fail.</summary>
    public async Task<(IShopStore Store, TroubledNetwork Network)> OpenTroubledAsync(CancellationToken cancellation, MongoOptions? options = null)
    {
        options = (options ?? new MongoOptions()) with { ModelCache = Cache };
        var network = new TroubledNetwork(Transport());
        return (await MongoShopStore.OpenAsync(network, Database, options, TimeProvider.System, cancellation), network);
    }

    public IMongoTransport Transport() => new MongoTransport(Uri, new MongoOptions());

    /// <summary>Changes a document behind the store's back.</summary>
    public async Task ChangeAsync(string collection, string id, Action<BsonWriter> update, CancellationToken cancellation)
    {
        await using var transport = Transport();
        await new MongoDatabase(transport, Database, new MongoOptions(), TimeProvider.System).Collection(collection)
            .UpdateAsync(filter => filter.String("_id", id), update, upsert: false, cancellation);
    }

    /// <summary>Removes some document behind the store's back.</summary>
    public async Task RemoveOneAsync(string collection, CancellationToken cancellation)
    {
        await using var transport = Transport();
        await new MongoDatabase(transport, Database, new MongoOptions(), TimeProvider.System).Collection(collection).DeleteAsync(_ => { }, all: false, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Cache)) Directory.Delete(Cache, recursive: true);
        if (Environment.GetEnvironmentVariable(variable) is null) return;
        await using var transport = new MongoTransport(Uri, new MongoOptions { Connections = 1 });
        using var writer = new BsonWriter();
        (await transport.RunAsync(Database, writer.Int32("dropDatabase", 1).Close(), MongoTarget.Primary, TimeSpan.FromSeconds(30), CancellationToken.None)).Dispose();
    }

    private static string Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
        return reason;
    }
}
