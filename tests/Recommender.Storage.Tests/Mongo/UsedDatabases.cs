using System.Collections.Concurrent;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

[assembly: AssemblyFixture(typeof(Recommender.Storage.Tests.Mongo.UsedDatabases))]

namespace Recommender.Storage.Tests.Mongo;

/// <summary>Databases that tests have used and emptied, for the next tests; dropped when the last test has ended.</summary>
public sealed class UsedDatabases : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, ConcurrentBag<string>> _free = new();

    public static string Take(string server) =>
        _free.GetOrAdd(server, _ => []).TryTake(out string? used) ? used : $"test_{Guid.NewGuid():N}";

    /// <summary>Empties every collection but that of the schema.</summary>
    public static async Task GiveBackAsync(string server, string uri, string name)
    {
        await using var transport = new MongoTransport(uri, new MongoOptions { Connections = 1 });
        var database = new MongoDatabase(transport, name, new MongoOptions(), TimeProvider.System);
        using (var listed = await database.RunAsync(command => command.Int32("listCollections", 1).Boolean("nameOnly", true).BeginDocument("cursor").Int32("batchSize", 1000).End(),
            MongoTarget.Primary, CancellationToken.None))
        {
            foreach (string collection in NamesIn(listed).Where(collection => collection != MongoCollections.Schema))
                await database.Collection(collection).DeleteAsync(_ => { }, all: true, CancellationToken.None);
        }
        _free.GetOrAdd(server, _ => []).Add(name);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (server, names) in _free)
        {
            if (Environment.GetEnvironmentVariable(server) is not { } uri) continue;
            await using var transport = new MongoTransport(uri, new MongoOptions { Connections = 1 });
            foreach (string name in names)
            {
                using var drop = new BsonWriter();
                (await transport.RunAsync(name, drop.Int32("dropDatabase", 1).Close(), MongoTarget.Primary, _patience, CancellationToken.None)).Dispose();
            }
        }
    }

    private static List<string> NamesIn(BsonReply listed)
    {
        var names = new List<string>();
        var fields = listed.Read();
        if (!fields.Find("cursor"u8)) return names;
        var cursor = new BsonReader(fields.Document());
        if (!cursor.Find("firstBatch"u8)) return names;
        var batch = new BsonReader(cursor.Document());
        while (batch.Read())
        {
            var collection = new BsonReader(batch.Document());
            if (collection.Find("name"u8)) names.Add(collection.String());
        }
        return names;
    }
}
