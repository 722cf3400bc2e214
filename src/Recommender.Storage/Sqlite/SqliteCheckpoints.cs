namespace Recommender.Storage.Sqlite;

internal sealed class SqliteCheckpoints(Writer writer, Readers readers) : ICheckpoints
{
    private readonly NamedValues _values = new(writer, readers, "checkpoints", "checkpoint");

    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => _values.FindAsync(tenant, name, cancellation);

    public Task SetAsync(Tenant tenant, string name, string value, CancellationToken cancellation) => _values.SetAsync(tenant, name, value, cancellation);

    public Task DeleteAsync(Tenant tenant, string name, CancellationToken cancellation) => _values.DeleteAsync(tenant, name, cancellation);
}
