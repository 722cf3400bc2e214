namespace Recommender.Storage.Sqlite;

/// <summary>What every table with the key (tenant, id) can do.</summary>
/// <param name="table">Part of the statements' text: never from outside.</param>
/// <param name="columns">What <paramref name="read"/> reads, in its order.</param>
internal sealed class KeyedRows<T>(Writer writer, Readers readers, string table, string columns, Func<Statement, T> read)
    where T : class
{
    private readonly string _delete = $"DELETE FROM {table} WHERE tenant = ? AND id = ?";
    private readonly string _find = $"SELECT {columns} FROM {table} WHERE tenant = ? AND id = ?";
    private readonly string _count = $"SELECT COUNT(*) FROM {table} WHERE tenant = ?";

    // SQLite compares text by its UTF-8 bytes; no id is empty, so that all come after the empty one.
    private readonly string _list = $"SELECT {columns} FROM {table} WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?";

    public Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> ids, CancellationToken cancellation) =>
        writer.WriteAsync(ids.Count, connection =>
        {
            int deleted = 0;
            foreach (string id in ids)
            {
                using Statement delete = connection.Use(_delete);
                deleted += delete.With(tenant.Id).With(id).Run();
            }
            return deleted;
        }, cancellation);

    public Task<T?> FindAsync(Tenant tenant, string id, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection => Find(connection, tenant, id), cancellation));

    public T? Find(Connection connection, Tenant tenant, string id)
    {
        using Statement select = connection.Use(_find);
        return select.With(tenant.Id).With(id).Step() ? read(select) : null;
    }

    public Task<IReadOnlyList<T>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ScanAsync<IReadOnlyList<T>>(connection =>
        {
            using Statement select = connection.Use(_list);
            return select.With(tenant.Id).With(afterId ?? "").With(limit).ReadAll(read);
        }, cancellation);
    }

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync(connection =>
    {
        using Statement count = connection.Use(_count);
        count.With(tenant.Id).Step();
        return count.Long(0);
    }, cancellation);
}
