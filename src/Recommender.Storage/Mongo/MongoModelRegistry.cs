using System.Globalization;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Which models there are and which went live when. A publication's number is its key, so that of two at once one finds the number taken and goes behind the
/// other. Every entry names the attempt it is from: one that is there although its answer was lost is known again.
/// </summary>
internal sealed class MongoModelRegistry(MongoDatabase database, MongoChanges changes) : IModelRegistry
{
    private readonly MongoCollection _models = database.Collection(MongoCollections.Models);
    private readonly MongoCollection _publications = database.Collection(MongoCollections.Publications);

    public async Task AddAsync(Tenant tenant, ModelVersion version, CancellationToken cancellation)
    {
        Storable.RequireId(version.Id, "model", 0);
        Storable.RequireText(version.Card, "model", version.Id, "card");
        bool entered = await TryEnterAsync(_models, BsonDomain.Key(tenant, version.Id), entry => Write(entry, tenant, version), cancellation);
        if (!entered) throw new InvalidOperationException($"model {version.Id} is in the registry already; every training has an id of its own.");
    }

    public async Task<IReadOnlyList<ModelVersion>> ListAsync(Tenant tenant, CancellationToken cancellation)
    {
        var versions = await _models.FindAsync(filter => filter.String("tenant", tenant.Id), null, int.MaxValue, ReadVersion, MongoTarget.Primary, cancellation);
        return [.. versions.OrderByDescending(version => version.TrainedAt).ThenByDescending(version => version.Id, StringComparer.Ordinal)];
    }

    public async Task PublishAsync(Tenant tenant, Publication publication, CancellationToken cancellation)
    {
        Storable.RequireText(publication.Reason, "publication of", publication.ModelId, "reason");
        if (await _models.FindByIdAsync(BsonDomain.Key(tenant, publication.ModelId), ReadVersion, cancellation) is null)
            throw new KeyNotFoundException($"there is no model {publication.ModelId} in the registry.");
        while (true)
        {
            long sequence = await LastSequenceAsync(tenant, cancellation) + 1;
            if (await TryEnterAsync(_publications, KeyOf(tenant, sequence), entry => Write(entry, tenant, sequence, publication), cancellation)) break;
        }
        await changes.NoteAsync(tenant, StoredKind.Publication, [publication.ModelId], CancellationToken.None);
    }

    public async Task<IReadOnlyList<Publication>> PublicationsAsync(Tenant tenant, CancellationToken cancellation) => await _publications.FindAsync(
        filter => filter.String("tenant", tenant.Id), sort => sort.Int32("sequence", -1), int.MaxValue, ReadPublication, MongoTarget.Primary, cancellation);

    /// <summary>Enters a document; false if there is one of its key that is not from this very call.</summary>
    private static async Task<bool> TryEnterAsync(MongoCollection collection, string key, Action<BsonWriter> entry, CancellationToken cancellation)
    {
        string attempt = Guid.NewGuid().ToString("N");
        if (await collection.TryInsertAsync(document => document.With(entry).String("entered_by", attempt), cancellation)) return true;
        return await collection.FindByIdAsync(key, ReadAttempt, cancellation) == attempt;
    }

    private async Task<long> LastSequenceAsync(Tenant tenant, CancellationToken cancellation)
    {
        var last = await _publications.FindAsync(filter => filter.String("tenant", tenant.Id), sort => sort.Int32("sequence", -1), 1, ReadSequence, MongoTarget.Primary, cancellation);
        return last.Count == 0 ? 0 : last[0];
    }

    public static void Write(BsonWriter entry, Tenant tenant, ModelVersion version) => entry.String("_id", BsonDomain.Key(tenant, version.Id)).String("tenant", tenant.Id)
        .Instant("trained_at", version.TrainedAt).Int64("events_up_to", version.EventsUpTo).String("card", version.Card);

    public static void Write(BsonWriter entry, Tenant tenant, long sequence, Publication publication) => entry.String("_id", KeyOf(tenant, sequence))
        .String("tenant", tenant.Id).Int64("sequence", sequence).String("model_id", publication.ModelId)
        .Instant("published_at", publication.PublishedAt).String("reason", publication.Reason);

    private static string KeyOf(Tenant tenant, long sequence) => BsonDomain.Key(tenant, sequence.ToString("d12", CultureInfo.InvariantCulture));

    public static long ReadSequence(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("sequence"u8) ? fields.Int64() : 0;
    }

    private static string ReadAttempt(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("entered_by"u8) ? fields.String() : "";
    }

    public static ModelVersion ReadVersion(ReadOnlySpan<byte> document)
    {
        var (id, card, eventsUpTo, ticks) = ("", "", 0L, 0);
        DateTimeOffset trainedAt = default;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("trained_at"u8)) trainedAt = fields.Instant();
            else if (fields.Is("trained_at_ticks"u8)) ticks = fields.Int32();
            else if (fields.Is("events_up_to"u8)) eventsUpTo = fields.Int64();
            else if (fields.Is("card"u8)) card = fields.String();
        }
        return new(id, trainedAt.AddTicks(ticks), eventsUpTo, card);
    }

    public static Publication ReadPublication(ReadOnlySpan<byte> document)
    {
        var (modelId, reason, ticks) = ("", "", 0);
        DateTimeOffset publishedAt = default;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("model_id"u8)) modelId = fields.String();
            else if (fields.Is("published_at"u8)) publishedAt = fields.Instant();
            else if (fields.Is("published_at_ticks"u8)) ticks = fields.Int32();
            else if (fields.Is("reason"u8)) reason = fields.String();
        }
        return new(modelId, publishedAt.AddTicks(ticks), reason);
    }
}
