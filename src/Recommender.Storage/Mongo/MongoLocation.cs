namespace Recommender.Storage.Mongo;

internal sealed record MongoLocation : ShopLocation
{
    private const string DefaultDatabase = "recommender";
    private readonly string _shown;

    /// <param name="uri">As it was given; it may hold a password and is never shown.</param>
    /// <exception cref="ArgumentException">It is no URI of a MongoDB.</exception>
    public MongoLocation(string uri)
    {
        var parts = MongoUri.Parse(uri);
        Uri = uri;
        Database = parts.Database ?? DefaultDatabase;
        _shown = $"{parts.Scheme}://{parts.Servers}/{Database}";
    }

    public string Uri { get; }

    /// <summary>The one in the URI's path, or else a name of ours.</summary>
    public string Database { get; }

    /// <summary>A shop's database has, from its first opening, the version of its schema.</summary>
    public override async Task<bool> ExistsAsync(CancellationToken cancellation)
    {
        var options = new MongoOptions();
        await using var transport = new MongoTransport(Uri, options);
        var database = new MongoDatabase(transport, Database, options, TimeProvider.System);
        await database.ConnectAsync(cancellation);
        var found = await database.Collection(MongoCollections.Schema).FindAsync(_ => { }, null, 1, _ => true, MongoTarget.Primary, cancellation);
        return found.Count > 0;
    }

    public override async Task<IShopStore> OpenAsync(TimeProvider time, CancellationToken cancellation)
    {
        var options = new MongoOptions();
        MongoTransport? opening = new MongoTransport(Uri, options);
        try
        {
            await new MongoDatabase(opening, Database, options, time).ConnectAsync(cancellation);
            IShopStore store = await MongoShopStore.OpenAsync(opening, Database, options, time, cancellation);
            opening = null;
            return store;
        }
        finally
        {
            if (opening is not null) await opening.DisposeAsync();
        }
    }

    public override Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation) => throw new NotImplementedException();

    public override string Engine => "MongoDB";

    public override string ToString() => _shown;
}
