using Recommender.Catalogue;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteItemStore(Writer writer, Readers readers) : IItemStore
{
    public Task UpsertAsync(Tenant tenant, IReadOnlyList<Item> items, CancellationToken cancellation)
    {
        var attributes = new byte[items.Count][];
        for (int i = 0; i < attributes.Length; i++)
        {
            Storable.RequireId(items[i].Id, "item", i);
            attributes[i] = AttributeJson.Write(items[i].Attributes, "item", items[i].Id);
        }
        return writer.WriteAsync(items.Count, connection =>
        {
            for (int i = 0; i < attributes.Length; i++)
            {
                using Statement upsert = connection.Use("""
                    INSERT INTO items (tenant, id, available, attributes) VALUES (?, ?, ?, ?)
                    ON CONFLICT (tenant, id) DO UPDATE SET available = excluded.available, attributes = excluded.attributes
                    """);
                upsert.With(tenant.Id).With(items[i].Id).With(items[i].Available ? 1 : 0).WithText(attributes[i]).Run();
            }
            return attributes.Length;
        }, cancellation);
    }

    public Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> itemIds, CancellationToken cancellation) =>
        writer.WriteAsync(itemIds.Count, connection =>
        {
            int deleted = 0;
            foreach (string id in itemIds)
            {
                using Statement delete = connection.Use("DELETE FROM items WHERE tenant = ? AND id = ?");
                deleted += delete.With(tenant.Id).With(id).Run();
            }
            return deleted;
        }, cancellation);

    public Task<Item?> FindAsync(Tenant tenant, string itemId, CancellationToken cancellation) => Task.FromResult(readers.Read(connection =>
    {
        using Statement select = connection.Use("SELECT id, available, attributes FROM items WHERE tenant = ? AND id = ?");
        return select.With(tenant.Id).With(itemId).Step() ? ReadItem(select) : null;
    }, cancellation));

    public Task<IReadOnlyList<Item>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ScanAsync<IReadOnlyList<Item>>(connection =>
        {
            // SQLite compares text by its UTF-8 bytes; no id is empty, so that all come after the empty one.
            using Statement select = connection.Use("SELECT id, available, attributes FROM items WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?");
            select.With(tenant.Id).With(afterId ?? "").With(limit);
            var items = new List<Item>();
            while (select.Step()) items.Add(ReadItem(select));
            return items;
        }, cancellation);
    }

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync(connection =>
    {
        using Statement count = connection.Use("SELECT COUNT(*) FROM items WHERE tenant = ?");
        count.With(tenant.Id).Step();
        return count.Long(0);
    }, cancellation);

    private static Item ReadItem(Statement row) =>
        new(row.Text(0)) { Available = row.Long(1) != 0, Attributes = AttributeJson.Read(row.Utf8Text(2)) };
}
