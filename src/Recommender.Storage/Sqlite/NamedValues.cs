namespace Recommender.Storage.Sqlite;

/// <summary>A table of texts by tenant and name: (tenant, name, value).</summary>
/// <param name="table">Its name; <paramref name="owner"/> is what a row is called when something is wrong with it.</param>
internal sealed class NamedValues(Writer writer, Readers readers, string table, string owner)
{
    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => Task.FromResult(readers.Read(connection =>
    {
        using Statement select = connection.Use($"SELECT value FROM {table} WHERE tenant = ? AND name = ?");
        return select.With(tenant.Id).With(name).Step() ? select.Text(0) : null;
    }, cancellation));

    public Task SetAsync(Tenant tenant, string name, string value, CancellationToken cancellation)
    {
        Storable.RequireId(name, owner, 0);
        Storable.RequireNotNull(value, owner, name, "value");
        return writer.WriteAsync(1, connection =>
        {
            using Statement upsert = connection.Use(
                $"INSERT INTO {table} (tenant, name, value) VALUES (?, ?, ?) ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value");
            return upsert.With(tenant.Id).With(name).With(value).Run();
        }, cancellation);
    }

    public Task<bool> TryAddAsync(Tenant tenant, string name, string value, CancellationToken cancellation)
    {
        Storable.RequireId(name, owner, 0);
        Storable.RequireNotNull(value, owner, name, "value");
        return writer.WriteAsync(1, connection =>
        {
            using Statement insert = connection.Use($"INSERT INTO {table} (tenant, name, value) VALUES (?, ?, ?) ON CONFLICT (tenant, name) DO NOTHING");
            return insert.With(tenant.Id).With(name).With(value).Run() == 1;
        }, cancellation);
    }

    public Task DeleteAsync(Tenant tenant, string name, CancellationToken cancellation) => writer.WriteAsync(1, connection =>
    {
        using Statement delete = connection.Use($"DELETE FROM {table} WHERE tenant = ? AND name = ?");
        return delete.With(tenant.Id).With(name).Run();
    }, cancellation);
}
