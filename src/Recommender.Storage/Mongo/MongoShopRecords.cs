using System.Globalization;

namespace Recommender.Storage.Mongo;

/// <summary>Everything of a shop, document by document. The place of a page is the id of its last document, where the order is not another one.</summary>
internal sealed class MongoShopRecords(MongoDatabase database, EventPositions positions, MongoIdentityLinks links, MongoContactLedger contacts) : IShopRecords
{
    private const int PageLength = 2_000;
    private const int WrittenTogether = 1_000;

    // Two inserts at once keep a server busy; see EventInserts.
    private const int AtOnce = 2;

    private readonly EventPages _log = new(database);

    public async Task<RecordPage> ReadAsync(Tenant tenant, RecordKind kind, string? after, CancellationToken cancellation)
    {
        // What was decided and not yet carried out is in its lock only.
        if (kind == RecordKind.Link) await links.CarryOutAsync(tenant, cancellation);
        if (kind == RecordKind.Contact) await contacts.CarryOutAsync(tenant, cancellation);
        return kind switch
        {
            RecordKind.Event => await EventsAsync(tenant, after, cancellation),
            RecordKind.Recommendation => await RecommendationsAsync(tenant, ServedPlace.Parse(after), cancellation),
            RecordKind.Counters => new RecordPage(
                [new ShopRecord.OfCounters((await positions.ReadAsync(tenant, cancellation)).Last, await links.RevisionAsync(tenant, cancellation))], null),
            _ => await ByIdAsync(tenant, kind, after, cancellation),
        };
    }

    public async Task WriteAsync(Tenant tenant, IReadOnlyList<ShopRecord> records, CancellationToken cancellation)
    {
        if (records.Count == 0) return;
        var kind = records[0].Kind;
        for (int i = 0; i < records.Count; i++)
        {
            if (records[i].Kind != kind) throw new ArgumentException($"records[{i}] is of the kind {records[i].Kind} among others of the kind {kind}.", nameof(records));
            StorableRecord.Check(records[i], i);
        }
        if (kind == RecordKind.Counters)
        {
            await RaiseAsync(tenant, MongoCollections.Logs, "last", records.Max(record => ((ShopRecord.OfCounters)record).LastPosition), cancellation);
            await RaiseAsync(tenant, MongoCollections.LinkLocks, "revision", records.Max(record => ((ShopRecord.OfCounters)record).LinkRevision), cancellation);
            return;
        }
        // Nobody looks for forgotten events where there are none, for an event behind the last one, or has done with a link of a later revision than there is.
        if (kind == RecordKind.Event) await RaiseAsync(tenant, MongoCollections.Logs, "last", records.Max(record => ((ShopRecord.OfEvent)record).Stored.Position), cancellation);
        if (kind == RecordKind.ForgottenEvent) await positions.BeginForgettingAsync(tenant, cancellation);
        if (kind == RecordKind.Link) await RaiseAsync(tenant, MongoCollections.LinkLocks, "revision", records.Max(record => ((ShopRecord.OfLink)record).Made), cancellation);
        string stamp = Stamp.New();
        var collection = database.Collection(RecordDocument.CollectionOf(kind));
        await Parallel.ForEachAsync(records.Chunk(WrittenTogether), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (together, stop) => await PutAsync(collection, [.. together.Select(record => RecordDocument.Write(tenant, record, stamp))], stop));
    }

    /// <summary>
    /// Inserts documents in the place of those of their keys. Nearly always there are none, and an insert is what a server does fastest; a replacement would
    /// also have to name what a sharded collection is divided by, which may be another one now. A crash in between leaves some of the documents away, until
    /// the page is written once more.
    /// </summary>
    private static async Task PutAsync(MongoCollection collection, IReadOnlyList<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        for (var left = documents; left.Count > 0;)
        {
            var known = await collection.InsertAsync(left, cancellation);
            if (known.Count == 0) return;
            left = await DifferentAsync(collection, [.. known.Select(i => left[i])], cancellation);
            if (left.Count > 0) await collection.DeleteByIdsAsync(left.Select(document => BsonDomain.KeyOf(document.Span)), cancellation);
        }
    }

    /// <summary>Those that are not there as they are: the others may be from an insert whose answer was lost.</summary>
    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> DifferentAsync(
        MongoCollection collection, IReadOnlyList<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        var there = (await collection.FindAsync(
            filter => filter.BeginDocument("_id").Strings("$in", documents.Select(document => BsonDomain.KeyOf(document.Span))).End(), null, documents.Count,
            document => (Key: BsonDomain.KeyOf(document), Content: document.ToArray()), MongoTarget.Primary, cancellation))
            .ToDictionary(one => one.Key, one => one.Content, StringComparer.Ordinal);
        return [.. documents.Where(document => !there.TryGetValue(BsonDomain.KeyOf(document.Span), out byte[]? content) || !document.Span.SequenceEqual(content))];
    }

    private async Task RaiseAsync(Tenant tenant, string collection, string counter, long to, CancellationToken cancellation)
    {
        if (to == 0) return;
        await database.Collection(collection).UpdateEachAsync([MongoCollection.StatementOf(
            filter => filter.String("_id", BsonDomain.Key(tenant, "")),
            update => update.BeginDocument("$max").Int64(counter, to).End().BeginDocument("$set").String("tenant", tenant.Id).End(), upsert: true)], cancellation);
    }

    private async Task<RecordPage> ByIdAsync(Tenant tenant, RecordKind kind, string? after, CancellationToken cancellation)
    {
        var found = await database.Collection(RecordDocument.CollectionOf(kind)).FindAsync(KeyedDocuments<ShopRecord>.After(tenant, after), sort => sort.Int32("_id", 1), PageLength,
            document => (Id: BsonDomain.IdOf(BsonDomain.KeyOf(document)), Record: RecordDocument.Read(kind, document)), MongoTarget.Primary, cancellation);
        return new([.. found.Where(one => one.Record is not null).Select(one => one.Record!)], found.Count == PageLength ? found[^1].Id : null);
    }

    private async Task<RecordPage> EventsAsync(Tenant tenant, string? after, CancellationToken cancellation)
    {
        long last = (await positions.ReadAsync(tenant, cancellation)).Last;
        var events = await _log.ReadAsync(tenant, after is null ? 0 : long.Parse(after, CultureInfo.InvariantCulture), last, cancellation);
        return new([.. events.Select(stored => new ShopRecord.OfEvent(stored))],
            events.Count == EventPages.Length ? events[^1].Position.ToString(CultureInfo.InvariantCulture) : null);
    }

    private async Task<RecordPage> RecommendationsAsync(Tenant tenant, ServedPlace? after, CancellationToken cancellation)
    {
        var found = await database.Collection(MongoCollections.Recommendations).FindAsync(filter => ServedPlace.After(filter, tenant, after), ServedPlace.Order, PageLength,
            ServedDocument.Read, MongoTarget.Primary, cancellation);
        return new([.. found.Select(served => new ShopRecord.OfRecommendation(served))], found.Count == PageLength ? $"{ServedPlace.Of(found[^1])}" : null);
    }
}
