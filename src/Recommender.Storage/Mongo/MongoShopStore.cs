namespace Recommender.Storage.Mongo;

/// <summary>The store that several servers share: a database of a MongoDB deployment.</summary>
internal sealed class MongoShopStore : IShopStore
{
    private readonly IMongoTransport _transport;

    private MongoShopStore(IMongoTransport transport, MongoDatabase database)
    {
        _transport = transport;
        var changes = new MongoChanges(database);
        Changes = changes;
        Items = new MongoItemStore(database, changes);
        Customers = new MongoCustomerStore(database, changes);
        Scenarios = new MongoScenarioStore(database, changes);
        Settings = new MongoSettings(database, changes);
        Checkpoints = new MongoCheckpoints(database);
        Questionnaires = new MongoQuestionnaireStore(database, changes);
        Sessions = new MongoQuestionnaireSessions(database);
        LifeCycle = new MongoLifeCycleStore(database);
    }

    public IEventLog Events { get; } = null!;

    public IItemStore Items { get; }

    public ICustomerStore Customers { get; }

    public IScenarioStore Scenarios { get; }

    public IModelRegistry Models { get; } = null!;

    public IRecommendationLog Recommendations { get; } = null!;

    public ICheckpoints Checkpoints { get; }

    public ISettings Settings { get; }

    public IIdentityLinks Links { get; } = null!;

    public IQuestionnaireStore Questionnaires { get; }

    public IQuestionnaireSessions Sessions { get; }

    public IContactLedger Contacts { get; } = null!;

    public ILifeCycleStore LifeCycle { get; }

    public IErasures Erasures { get; } = null!;

    public IPersonRecords People { get; } = null!;

    public IModelArchive Archive { get; } = null!;

    public IChangeFeed Changes { get; }

    /// <summary>Opens the database, making its collections and indexes where they are missing.</summary>
    /// <exception cref="StoreTooNewException">It was written by a newer version.</exception>
    public static Task<MongoShopStore> OpenAsync(IMongoTransport transport, string database, MongoOptions options, TimeProvider time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(new MongoShopStore(transport, new MongoDatabase(transport, database, options, time)));
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
