namespace Recommender.Storage.Mongo;

/// <summary>The log, read a piece at a time in the order of positions.</summary>
internal sealed class EventPages(MongoDatabase database)
{
    public const int Length = 2_000;

    private readonly MongoCollection _events = database.Collection(MongoCollections.Events);

    /// <summary>
    /// The first events after a position, none behind another; fewer than <see cref="Length"/> where there are no more. The log is asked for a stretch of
    /// positions at a time, wider where it has holes: a server that sorts what its index has sorted already would sort all the rest of it for every page.
    /// </summary>
    public async Task<List<StoredEvent>> ReadAsync(Tenant tenant, long after, long upTo, CancellationToken cancellation)
    {
        var page = new List<StoredEvent>();
        for (long width = Length * 2; after < upTo && page.Count < Length; width *= 4)
        {
            (long from, long to) = (after, width < upTo - after ? after + width : upTo);
            page.AddRange(await _events.FindAsync(filter => filter.String("tenant", tenant.Id).BeginDocument("position").Int64("$gt", from).Int64("$lte", to).End(),
                sort => sort.Int32("position", 1), Length - page.Count, EventDocument.Read, MongoTarget.Primary, cancellation));
            after = to;
        }
        return page;
    }
}
