using Recommender.Catalogue;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteItemStore(Writer writer, Readers readers) : IItemStore
{
    public const string Columns = "id, available, attributes, added_at";

    // The rows as they lie in the file: by an index each would be looked up by itself.
    private const string All = $"SELECT {Columns} FROM items WHERE +tenant = ?";

    private const int MostBehind = 8;

    private readonly KeyedRows<Item> _rows = new(writer, readers, "items", Columns, Read);

    public static Item Read(Statement row) =>
        new(row.Text(0))
        {
            Available = row.Long(1) != 0,
            Attributes = AttributeJson.ReadItem(row.Utf8Text(2)),
            AddedAt = row.InstantOrNull(3),
        };

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
                    INSERT INTO items (tenant, id, available, attributes, added_at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (tenant, id) DO UPDATE SET available = excluded.available, attributes = excluded.attributes
                    """);
                upsert.With(tenant.Id).With(items[i].Id).With(items[i].Available ? 1 : 0).WithText(attributes[i]).With(items[i].AddedAt).Run();
            }
            return attributes.Length;
        }, cancellation);
    }

    public Task<int> SetAvailabilityAsync(Tenant tenant, IReadOnlyList<string> itemIds, bool available, CancellationToken cancellation) =>
        writer.WriteAsync(itemIds.Count, connection =>
        {
            int changed = 0;
            foreach (string id in itemIds)
            {
                using Statement update = connection.Use("UPDATE items SET available = ? WHERE tenant = ? AND id = ? AND available <> ?");
                changed += update.With(available ? 1 : 0).With(tenant.Id).With(id).With(available ? 1 : 0).Run();
            }
            return changed;
        }, cancellation);

    public Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> itemIds, CancellationToken cancellation) =>
        _rows.DeleteAsync(tenant, itemIds, cancellation);

    public Task<Item?> FindAsync(Tenant tenant, string itemId, CancellationToken cancellation) => _rows.FindAsync(tenant, itemId, cancellation);

    public Task<IReadOnlyList<Item>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation) =>
        _rows.ListAsync(tenant, afterId, limit, cancellation);

    public async Task<IReadOnlyList<Item>> AllAsync(Tenant tenant, CancellationToken cancellation)
    {
        List<Task<Item[]>> parts = await readers.ScanAsync(connection =>
        {
            using Statement select = connection.Use(All);
            return Make(RawItems.Read(select.With(tenant.Id)), cancellation);
        }, cancellation);
        return [.. (await Task.WhenAll(parts)).SelectMany(items => items)];
    }

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => _rows.CountAsync(tenant, cancellation);

    /// <summary>
    /// One thread reads, others make items of what was read; where they are behind, it does that, too, and memory stays bounded.
    /// </summary>
    internal static List<Task<Item[]>> Make(IEnumerable<RawItems> read, CancellationToken cancellation)
    {
        var shapes = new StoredShapes();
        var begun = new List<Task<Item[]>>();
        foreach (RawItems some in read)
        {
            cancellation.ThrowIfCancellationRequested();
            // Without the token: a task that it ends before it is started cannot be.
            Task<Item[]> items = new(() => some.Items(shapes), CancellationToken.None);
            if (begun.Count >= MostBehind && !begun[^MostBehind].IsCompleted) items.RunSynchronously(TaskScheduler.Current);
            else items.Start(TaskScheduler.Current);
            begun.Add(items);
        }
        return begun;
    }
}
