using Recommender.Storage.Mongo;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>A database of its own, to be opened by several servers, each with faults of its own.</summary>
internal sealed class FaultyEngine(Func<string, string, Failure>? failAt = null) : IStoreEngine
{
    // Patience is not what is tested.
    private static readonly MongoOptions _options = new() { LookEvery = TimeSpan.FromMilliseconds(20), ErasureLease = TimeSpan.FromSeconds(2), SweepAfter = TimeSpan.Zero };

    private readonly MongoEngine _engine = new();

    public string Database => _engine.Database;

    public async Task<IShopStore> OpenAsync(CancellationToken cancellation) => (await OpenFaultyAsync(failAt ?? ((_, _) => Failure.None), cancellation)).Store;

    public async Task<(IShopStore Store, FaultyTransport Transport)> OpenFaultyAsync(Func<string, string, Failure> failAt, CancellationToken cancellation)
    {
        var transport = new FaultyTransport(new MongoTransport(_engine.Uri, _options));
        var store = await MongoShopStore.OpenAsync(transport, Database, _options, TimeProvider.System, cancellation);
        transport.FailAt = failAt;
        return (store, transport);
    }

    public Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation) => _engine.OpenFilesAsync(cancellation);

    /// <summary>The database itself, to look at what is stored.</summary>
    public (MongoDatabase Database, IAsyncDisposable Connection) Connect()
    {
        var transport = new MongoTransport(_engine.Uri, _options);
        return (new MongoDatabase(transport, Database, _options, TimeProvider.System), transport);
    }

    /// <summary>The answer of every second write is lost, but for deletions, which say how many there were only once.</summary>
    public static FaultyEngine LosingAnswers()
    {
        int writes = 0;
        return new((command, collection) => command is "insert" or "update" or "findAndModify" && _people.Contains(collection) && Interlocked.Increment(ref writes) % 2 == 0
            ? Failure.LoseAnswer : Failure.None);
    }

    private static readonly HashSet<string> _people =
    [
        MongoCollections.Items, MongoCollections.Customers, MongoCollections.Scenarios, MongoCollections.Settings, MongoCollections.Checkpoints, MongoCollections.Questionnaires,
        MongoCollections.Sessions, MongoCollections.LifeCycle, MongoCollections.Links, MongoCollections.LinkLocks, MongoCollections.Contacts, MongoCollections.ContactLocks,
        MongoCollections.Erasures,
    ];

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
