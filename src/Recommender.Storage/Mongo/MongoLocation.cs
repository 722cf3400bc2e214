using Recommender.Storage.Mongoc;

namespace Recommender.Storage.Mongo;

/// <param name="Uri">As it was given; it may hold a password and is never shown.</param>
internal sealed record MongoLocation(string Uri) : ShopLocation
{
    private const string DefaultDatabase = "recommender";

    public override async Task<bool> ExistsAsync(CancellationToken cancellation)
    {
        var options = new MongoOptions();
        await using var transport = new MongocTransport(Uri, options);
        return await MongoSchema.ExistsAsync(new MongoDatabase(transport, DatabaseName, options, TimeProvider.System), cancellation);
    }

    public override async Task<IShopStore> OpenAsync(TimeProvider time, CancellationToken cancellation)
    {
        var options = new MongoOptions();
        return await MongoShopStore.OpenAsync(new MongocTransport(Uri, options), DatabaseName, options, time, cancellation);
    }

    public override Task<IShopFiles> OpenFilesAsync(CancellationToken cancellation)
    {
        var options = new MongoOptions();
        var transport = new MongocTransport(Uri, options);
        return Task.FromResult<IShopFiles>(new MongoFiles(transport, new MongoDatabase(transport, DatabaseName, options, TimeProvider.System)));
    }

    public override string ToString() => "mongodb";

    private string DatabaseName => new System.Uri(Uri).AbsolutePath.Trim('/') is { Length: > 0 } named ? named : DefaultDatabase;
}
