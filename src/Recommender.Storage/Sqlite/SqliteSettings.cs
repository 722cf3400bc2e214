namespace Recommender.Storage.Sqlite;

internal sealed class SqliteSettings(Writer writer, Readers readers) : ISettings
{
    private readonly NamedValues _values = new(writer, readers, "settings", "setting");

    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => _values.FindAsync(tenant, name, cancellation);

    public Task SetAsync(Tenant tenant, string name, string json, CancellationToken cancellation) => _values.SetAsync(tenant, name, json, cancellation);

    public Task<bool> TryAddAsync(Tenant tenant, string name, string json, CancellationToken cancellation) => _values.TryAddAsync(tenant, name, json, cancellation);
}
