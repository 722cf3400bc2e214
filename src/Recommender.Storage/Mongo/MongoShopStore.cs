namespace Recommender.Storage.Mongo;

/// <summary>The store that several servers share: a database of a MongoDB deployment.</summary>
internal sealed class MongoShopStore : IShopStore
{
    private readonly IMongoTransport _transport;

    private MongoShopStore(IMongoTransport transport, MongoDatabase database)
    {
        _transport = transport;
        Changes = new MongoChanges(database);
    }

    public IEventLog Events { get; } = null!;

    public IItemStore Items { get; } = null!;

    public ICustomerStore Customers { get; } = null!;

    public IScenarioStore Scenarios { get; } = null!;

    public IModelRegistry Models { get; } = null!;

    public IRecommendationLog Recommendations { get; } = null!;

    public ICheckpoints Checkpoints { get; } = null!;

    public ISettings Settings { get; } = null!;

    public IIdentityLinks Links { get; } = null!;

    public IQuestionnaireStore Questionnaires { get; } = null!;

    public IQuestionnaireSessions Sessions { get; } = null!;

    public IContactLedger Contacts { get; } = null!;

    public ILifeCycleStore LifeCycle { get; } = null!;

    public IErasures Erasures { get; } = null!;

    public IPersonRecords People { get; } = null!;

    public IModelArchive Archive { get; } = null!;

    public IChangeFeed Changes { get; }

    public IShopRecords Records { get; } = null!;

    public bool IsShared => true;

    /// <summary>Opens the database, making its collections and indexes where they are missing.</summary>
    /// <exception cref="StoreTooNewException">It was written by a newer version.</exception>
    public static Task<MongoShopStore> OpenAsync(IMongoTransport transport, string database, MongoOptions options, TimeProvider time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(new MongoShopStore(transport, new MongoDatabase(transport, database, options, time)));
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
