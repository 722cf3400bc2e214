namespace Recommender.Storage.Mongo;

/// <summary>The store that several servers share: a database of a MongoDB deployment.</summary>
internal sealed class MongoShopStore : IShopStore
{
    private readonly IMongoTransport _transport;
    private readonly MongoEventLog _events;
    private readonly MongoErasures _erasures;
    private int _closed;

    private MongoShopStore(IMongoTransport transport, MongoDatabase database, MongoOptions options, MongoSchema schema, string deployment)
    {
        _transport = transport;
        var positions = new EventPositions(database, options);
        var changes = new MongoChanges(database, positions, schema, options);
        _events = new MongoEventLog(database, positions, changes);
        Models = new MongoModelRegistry(database, changes);
        Recommendations = new MongoRecommendationLog(database);
        Archive = new MongoModelArchive(database, Path.Combine(options.ModelCache ?? MongoModelArchive.DefaultCache, deployment));
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
        People = new MongoPersonRecords(database, this);
        Records = new MongoShopRecords(database, positions, links, contacts);
        _erasures = new MongoErasures(database, changes, new ErasureWork(database, positions, links, contacts, changes, options));
    }

    public IEventLog Events => _events;

    public IItemStore Items { get; }

    public ICustomerStore Customers { get; }

    public IScenarioStore Scenarios { get; }

    public IModelRegistry Models { get; }

    public IRecommendationLog Recommendations { get; }

    public ICheckpoints Checkpoints { get; }

    public ISettings Settings { get; }

    public IIdentityLinks Links { get; }

    public IQuestionnaireStore Questionnaires { get; }

    public IQuestionnaireSessions Sessions { get; }

    public IContactLedger Contacts { get; }

    public ILifeCycleStore LifeCycle { get; }

    public IErasures Erasures => _erasures;

    public IPersonRecords People { get; }

    public IModelArchive Archive { get; }

    public IChangeFeed Changes { get; }

    public IShopRecords Records { get; }

    public bool IsShared => true;

    /// <summary>Opens the database; where its schema is older than this program, makes the collections and indexes that it lacks. The transport is the store's from here on, also if this fails.</summary>
    /// <exception cref="StoreTooNewException">It was written by a newer version.</exception>
    public static async Task<MongoShopStore> OpenAsync(IMongoTransport transport, string database, MongoOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var shops = new MongoDatabase(transport, database, options, time);
        try
        {
            var schema = new MongoSchema(shops, MongoSchema.Steps);
            var store = new MongoShopStore(transport, shops, options, schema, await schema.OpenAsync(cancellation));
            await store._events.ResumeAsync(cancellation);
            await store._erasures.ResumeAsync(cancellation);
            return store;
        }
        catch (Exception)
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1) return;
        await _erasures.DisposeAsync();
        await _events.DisposeAsync();
        await _transport.DisposeAsync();
    }
}
