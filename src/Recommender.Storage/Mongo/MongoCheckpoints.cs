namespace Recommender.Storage.Mongo;

internal sealed class MongoCheckpoints(MongoDatabase database) : ICheckpoints
{
    private readonly NamedDocuments _values = new(database, MongoCollections.Checkpoints, "checkpoint");

    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => _values.FindAsync(tenant, name, cancellation);

    public Task SetAsync(Tenant tenant, string name, string value, CancellationToken cancellation) => _values.SetAsync(tenant, name, value, cancellation);

    public Task DeleteAsync(Tenant tenant, string name, CancellationToken cancellation) => _values.DeleteAsync(tenant, name, cancellation);
}
