namespace Recommender.Storage.Mongo;

/// <summary>The store that several servers share: a database of a MongoDB deployment.</summary>
internal sealed class MongoShopStore : IShopStore
{
    private readonly IMongoTransport _transport;
    private readonly MongoEventLog _events;

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
    }

    public IEventLog Events => _events;

    public IItemStore Items { get; } = null!;

    public ICustomerStore Customers { get; } = null!;

    public IScenarioStore Scenarios { get; } = null!;

    public IModelRegistry Models { get; }

    public IRecommendationLog Recommendations { get; }

    public ICheckpoints Checkpoints { get; } = null!;

    public ISettings Settings { get; } = null!;

    public IIdentityLinks Links { get; } = null!;

    public IQuestionnaireStore Questionnaires { get; } = null!;

    public IQuestionnaireSessions Sessions { get; } = null!;

    public IContactLedger Contacts { get; } = null!;

    public ILifeCycleStore LifeCycle { get; } = null!;

    public IErasures Erasures { get; } = null!;

    public IPersonRecords People { get; } = null!;

    public IModelArchive Archive { get; }

    public IChangeFeed Changes { get; }

    public IShopRecords Records { get; } = null!;

    public bool IsShared => true;

    /// <summary>Opens the database, making its collections and indexes where they are missing.</summary>
    /// <exception cref="StoreTooNewException">It was written by a newer version.</exception>
    public static async Task<MongoShopStore> OpenAsync(IMongoTransport transport, string database, MongoOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var shops = new MongoDatabase(transport, database, options, time);
        try
        {
            var schema = new MongoSchema(shops, MongoSchema.Steps);
            var store = new MongoShopStore(transport, shops, options, schema, await schema.OpenAsync(cancellation));
            await store._events.ResumeAsync(cancellation);
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
        await _events.DisposeAsync();
        await _transport.DisposeAsync();
    }
}
