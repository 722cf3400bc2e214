namespace Recommender.Storage.Mongo;

/// <summary>The store that several servers share: a database of a MongoDB deployment.</summary>
internal sealed class MongoShopStore : IShopStore
{
    private readonly IMongoTransport _transport;
    private readonly MongoErasures _erasures;

    private MongoShopStore(IMongoTransport transport, MongoDatabase database, MongoOptions options)
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
        var erased = new ErasedPeople(database);
        var links = new MongoIdentityLinks(database, erased, changes);
        var contacts = new MongoContactLedger(database, erased, changes);
        (Links, Contacts) = (links, contacts);
        _erasures = new MongoErasures(database, changes, new ErasureWork(database, links, contacts, changes, options));
    }

    public IEventLog Events { get; } = null!;

    public IItemStore Items { get; }

    public ICustomerStore Customers { get; }

    public IScenarioStore Scenarios { get; }

    public IModelRegistry Models { get; } = null!;

    public IRecommendationLog Recommendations { get; } = null!;

    public ICheckpoints Checkpoints { get; }

    public ISettings Settings { get; }

    public IIdentityLinks Links { get; }

    public IQuestionnaireStore Questionnaires { get; }

    public IQuestionnaireSessions Sessions { get; }

    public IContactLedger Contacts { get; }

    public ILifeCycleStore LifeCycle { get; }

    public IErasures Erasures => _erasures;

    public IPersonRecords People { get; } = null!;

    public IModelArchive Archive { get; } = null!;

    public IChangeFeed Changes { get; }

    public IShopRecords Records { get; } = null!;

    /// <summary>Opens the database, making its collections and indexes where they are missing.</summary>
    /// <exception cref="StoreTooNewException">It was written by a newer version.</exception>
    public static async Task<MongoShopStore> OpenAsync(IMongoTransport transport, string database, MongoOptions options, TimeProvider time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var store = new MongoShopStore(transport, new MongoDatabase(transport, database, options, time), options);
        await store._erasures.ResumeAsync(cancellation);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await _erasures.DisposeAsync();
        await _transport.DisposeAsync();
    }
}
