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
        return await MongoSchema.ExistsAsync(database, cancellation);
    }

    public override async Task<IShopStore> OpenAsync(TimeProvider time, CancellationToken cancellation)
    {
        var options = new MongoOptions();
        return await MongoShopStore.OpenAsync(await ConnectAsync(options, time, cancellation), Database, options, time, cancellation);
    }

    public override async Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation)
    {
        var options = new MongoOptions();
        var transport = await ConnectAsync(options, TimeProvider.System, cancellation);
        return new MongoFiles(transport, new MongoDatabase(transport, Database, options, TimeProvider.System));
    }

    public override string Engine => "MongoDB";

    public override string ToString() => _shown;

    /// <summary>A transport that a server has answered; whoever gets it closes it.</summary>
    private async Task<IMongoTransport> ConnectAsync(MongoOptions options, TimeProvider time, CancellationToken cancellation)
    {
        MongoTransport? opening = new MongoTransport(Uri, options);
        try
        {
            await new MongoDatabase(opening, Database, options, time).ConnectAsync(cancellation);
            var open = opening;
            opening = null;
            return open;
        }
        finally
        {
            if (opening is not null) await opening.DisposeAsync();
        }
    }
}
