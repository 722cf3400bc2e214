namespace Recommender.Storage.Mongo;

/// <summary>The log, read a piece at a time in the order of positions.</summary>
internal sealed class EventPages(MongoDatabase database)
{
    public const int Length = 2_000;

    private readonly MongoCollection _events = database.Collection(MongoCollections.Events);

    /// <summary>The first events after a position, none behind another; fewer than <see cref="Length"/> where there are no more.</summary>
    public Task<List<StoredEvent>> ReadAsync(Tenant tenant, long after, long upTo, CancellationToken cancellation) =>
        _events.FindAsync(filter => filter.String("tenant", tenant.Id).BeginDocument("position").Int64("$gt", after).Int64("$lte", upTo).End(),
            sort => sort.Int32("position", 1), Length, EventDocument.Read, MongoTarget.Primary, cancellation);
}
