using Recommender.Storage;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Tests.Commands;

/// <summary>A database of its own on a real server, dropped with the test.</summary>
internal sealed class MongoPlace : IAsyncDisposable
{
    private const string Variable = "RECOMMENDER_TEST_MONGODB";
    private readonly string _server;

    public MongoPlace()
    {
        _server = Environment.GetEnvironmentVariable(Variable) ?? "";
        string missing = $"{Variable} names no MongoDB; start one and set it (README, \"MongoDB\")";
        if (_server.Length == 0 && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.SkipWhen(_server.Length == 0, missing);
    }

    public string Name { get; } = $"place_{Guid.NewGuid():N}";

    /// <summary>The server's URI with the database in its path.</summary>
    public string Uri => new UriBuilder(_server) { Path = Name }.ToString();

    public ShopLocation Location => ShopLocation.Parse(Uri);

    public async ValueTask DisposeAsync()
    {
        await using var transport = new MongoTransport(_server, new MongoOptions { Connections = 1 });
        using var writer = new BsonWriter();
        (await transport.RunAsync(Name, writer.Int32("dropDatabase", 1).Close(), MongoTarget.Primary, TimeSpan.FromSeconds(30), default)).Dispose();
    }
}
