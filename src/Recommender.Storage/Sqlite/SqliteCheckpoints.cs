namespace Recommender.Storage.Sqlite;

internal sealed class SqliteCheckpoints(Writer writer, Readers readers) : ICheckpoints
{
    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => Task.FromResult(readers.Read(connection =>
    {
        using Statement select = connection.Use("SELECT value FROM checkpoints WHERE tenant = ? AND name = ?");
        return select.With(tenant.Id).With(name).Step() ? select.Text(0) : null;
    }, cancellation));

    public Task SetAsync(Tenant tenant, string name, string value, CancellationToken cancellation)
    {
        Storable.RequireId(name, "checkpoint", 0);
        Storable.RequireText(value, "checkpoint", name, "value");
        return writer.WriteAsync(1, connection =>
        {
            using Statement upsert = connection.Use("""
                INSERT INTO checkpoints (tenant, name, value) VALUES (?, ?, ?) ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value
                """);
            return upsert.With(tenant.Id).With(name).With(value).Run();
        }, cancellation);
    }

    public Task DeleteAsync(Tenant tenant, string name, CancellationToken cancellation) => writer.WriteAsync(1, connection =>
    {
        using Statement delete = connection.Use("DELETE FROM checkpoints WHERE tenant = ? AND name = ?");
        return delete.With(tenant.Id).With(name).Run();
    }, cancellation);
}
