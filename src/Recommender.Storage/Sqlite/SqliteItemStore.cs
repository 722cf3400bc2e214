using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Recommender.Catalogue;
using Recommender.Threading;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteItemStore(Writer writer, Readers readers) : IItemStore
{
    public const string Columns = "id, available, attributes, added_at";

    // The rows as they lie in the file: by an index each would be looked up by itself.
    private const string All = $"SELECT {Columns} FROM items WHERE +tenant = ?";

    private readonly KeyedRows<Item> _rows = new(writer, readers, "items", Columns, Read);

    public static Item Read(Statement row) =>
        new(row.Text(0)) { Available = row.Long(1) != 0, Attributes = AttributeJson.ReadItem(row.Utf8Text(2)), AddedAt = row.InstantOrNull(3) };

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

    public Task<IReadOnlyList<Item>> AllAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync(connection =>
    {
        using Statement select = connection.Use(All);
        var ordered = new SortedDictionary<int, Item[]>();
        AttributeShape shapes = AttributeShape.Empty();
        // One reads rows at a time, and while it makes items of them the next one reads.
        try
        {
            Parallel.ForEach(Partitioner.Create(RawItems.Read(select.With(tenant.Id)), EnumerablePartitionerOptions.NoBuffering), Cores.All(cancellation), some =>
            {
                Item[] items = some.Items(shapes);
                lock (ordered) ordered.Add(some.Number, items);
            });
        }
        catch (AggregateException several)
        {
            // An interrupted statement fails, too, and then it is the interruption that is told.
            cancellation.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
        return (IReadOnlyList<Item>)[.. ordered.Values.SelectMany(items => items)];
    }, cancellation);

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => _rows.CountAsync(tenant, cancellation);
}
