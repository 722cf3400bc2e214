namespace Recommender.Storage.Sqlite;

internal sealed class SqliteSettings(Writer writer, Readers readers) : ISettings
{
    public Task<string?> FindAsync(Tenant tenant, string name, CancellationToken cancellation) => Task.FromResult(readers.Read(connection =>
    {
        using Statement select = connection.Use("SELECT value FROM settings WHERE tenant = ? AND name = ?");
        return select.With(tenant.Id).With(name).Step() ? select.Text(0) : null;
    }, cancellation));

    public Task SetAsync(Tenant tenant, string name, string json, CancellationToken cancellation)
    {
        Storable.RequireId(name, "setting", 0);
        Storable.RequireNotNull(json, "setting", name, "value");
        return writer.WriteAsync(1, connection =>
        {
            using Statement upsert = connection.Use("""
                INSERT INTO settings (tenant, name, value) VALUES (?, ?, ?) ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value
                """);
            return upsert.With(tenant.Id).With(name).With(json).Run();
        }, cancellation);
    }
}
