using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>What every collection with the key tenant/id can do.</summary>
internal sealed class KeyedDocuments<T>(MongoCollection documents, DocumentReading<T> read) where T : class
{
    // Ids may be long; a command stays far from 48 MB.
    private const int DeletedTogether = 1000;

    private static readonly Action<BsonWriter> _byKey = sort => sort.Int32("_id", 1);

    public Task<T?> FindAsync(Tenant tenant, string id, CancellationToken cancellation) =>
        documents.FindByIdAsync(BsonDomain.Key(tenant, id), read, cancellation);

    public Task<IReadOnlyList<T>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation) =>
        ListAsync(After(tenant, afterId), limit, cancellation);

    /// <param name="filter">Begins with <see cref="After"/>.</param>
    public async Task<IReadOnlyList<T>> ListAsync(Action<BsonWriter> filter, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        cancellation.ThrowIfCancellationRequested();
        return await documents.FindAsync(filter, _byKey, limit, read, MongoTarget.Primary, cancellation);
    }

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => documents.CountAsync(After(tenant, null), cancellation);

    /// <summary>How many were there. After a broken connection those that were deleted by the first attempt are not counted.</summary>
    public async Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long deleted = 0;
        foreach (string[] piece in ids.Chunk(DeletedTogether))
            deleted += await documents.DeleteByIdsAsync(piece.Select(id => BsonDomain.Key(tenant, id)), cancellation);
        return (int)deleted;
    }

    /// <summary>The documents of a shop behind an id; no id is empty, so that all are behind the empty one.</summary>
    public static Action<BsonWriter> After(Tenant tenant, string? afterId) => filter => filter.BeginDocument("_id")
        .String("$gt", BsonDomain.Key(tenant, afterId ?? "")).String("$lt", BsonDomain.KeyAfter(tenant)).End();
}
