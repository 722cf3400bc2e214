using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

internal sealed class MongoItemStore(MongoDatabase database, MongoChanges changes) : IItemStore
{
    // Ids may be long; a command stays far from 48 MB.
    private const int ChangedTogether = 1000;

    private readonly MongoCollection _items = database.Collection(MongoCollections.Items);
    private const int PageSize = 10_000;

    private readonly KeyedDocuments<Item> _keyed = new(database.Collection(MongoCollections.Items), Read);

    public Task UpsertAsync(Tenant tenant, IReadOnlyList<Item> items, CancellationToken cancellation)
    {
        var statements = Statements(tenant, items);
        return Unbroken.RunAsync(async () =>
        {
            await _items.UpdateEachAsync(statements, CancellationToken.None);
            await changes.NoteAsync(tenant, StoredKind.Item, items.Select(item => item.Id), CancellationToken.None);
        }, cancellation);
    }

    /// <summary>How many changed. After a broken connection those that the first attempt changed are not counted.</summary>
    public Task<int> SetAvailabilityAsync(Tenant tenant, IReadOnlyList<string> itemIds, bool available, CancellationToken cancellation) => Unbroken.RunAsync(async () =>
    {
        long changed = 0;
        foreach (string[] piece in itemIds.Chunk(ChangedTogether))
        {
            var result = await _items.UpdateManyAsync(MongoCollection.Statement(
                filter => filter.BeginDocument("_id").Strings("$in", piece.Select(id => BsonDomain.Key(tenant, id))).End().BeginDocument("available").Boolean("$ne", available).End(),
                update => update.BeginDocument("$set").Boolean("available", available).End(), upsert: false, multi: true), CancellationToken.None);
            changed += result.Matched;
        }
        await changes.NoteAsync(tenant, StoredKind.Item, itemIds, CancellationToken.None);
        return (int)changed;
    }, cancellation);

    public Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> itemIds, CancellationToken cancellation) => Unbroken.RunAsync(async () =>
    {
        int deleted = await _keyed.DeleteAsync(tenant, itemIds, CancellationToken.None);
        await changes.NoteAsync(tenant, StoredKind.Item, itemIds, CancellationToken.None);
        return deleted;
    }, cancellation);

    public Task<Item?> FindAsync(Tenant tenant, string itemId, CancellationToken cancellation) => _keyed.FindAsync(tenant, itemId, cancellation);

    public Task<IReadOnlyList<Item>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation) =>
        _keyed.ListAsync(tenant, afterId, limit, cancellation);

    public async Task<IReadOnlyList<Item>> AllAsync(Tenant tenant, CancellationToken cancellation)
    {
        var all = new List<Item>();
        while (true)
        {
            var page = await ListAsync(tenant, all.Count == 0 ? null : all[^1].Id, PageSize, cancellation);
            all.AddRange(page);
            if (page.Count < PageSize) return all;
        }
    }

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => _keyed.CountAsync(tenant, cancellation);

    /// <summary>One an id: of several the last is written, and the first says when it was added.</summary>
    private static List<ReadOnlyMemory<byte>> Statements(Tenant tenant, IReadOnlyList<Item> items)
    {
        var added = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        var last = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
        {
            Item item = items[i];
            Storable.RequireId(item.Id, "item", i);
            Storable.RequireAttributes(item.Attributes, "item", item.Id);
            added.TryAdd(item.Id, item.AddedAt);
            last[item.Id] = MongoCollection.StatementOf(filter => filter.String("_id", BsonDomain.Key(tenant, item.Id)), update =>
            {
                update.BeginDocument("$set").String("tenant", tenant.Id).Boolean("available", item.Available).Attributes(item.Attributes).End();
                if (added[item.Id] is { } first) update.BeginDocument("$setOnInsert").Instant("added_at", first).End();
            }, upsert: true);
        }
        return [.. last.Values];
    }

    public static void Write(BsonWriter document, Tenant tenant, Item item) => document.String("_id", BsonDomain.Key(tenant, item.Id)).String("tenant", tenant.Id)
        .Boolean("available", item.Available).Attributes(item.Attributes).Optional("added_at", item.AddedAt);

    public static Item Read(ReadOnlySpan<byte> document)
    {
        var (id, available, attributes) = ("", false, ImmutableSortedDictionary<string, AttributeValue>.Empty);
        DateTimeOffset? addedAt = null;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("available"u8)) available = fields.Boolean();
            else if (fields.Is("attributes"u8)) attributes = fields.Attributes();
            else if (fields.Is("added_at"u8)) addedAt = fields.Instant();
            else if (fields.Is("added_at_ticks"u8)) addedAt = addedAt?.AddTicks(fields.Int32());
        }
        return new(id) { Available = available, Attributes = attributes, AddedAt = addedAt };
    }
}
