using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

internal sealed class MongoRecommendationLog(MongoDatabase database) : IRecommendationLog
{
    // Forgetting a year in one command would outlast its time.
    private const int ForgottenTogether = 1_000;

    // An answer has tens of items with some reasons each: a few kilobytes.
    private const int WrittenTogether = 1_000;

    private readonly MongoCollection _served = database.Collection(MongoCollections.Recommendations);

    public async Task AppendAsync(Tenant tenant, IReadOnlyList<ServedRecommendation> served, CancellationToken cancellation)
    {
        for (int i = 0; i < served.Count; i++) Storable.RequireId(served[i].RecommendationId, "recommendation", i);
        // One that is there stays as it is.
        foreach (var together in served.Chunk(WrittenTogether))
            await _served.InsertAsync(together.Length, (document, i) => ServedDocument.Write(document, tenant, together[i]), cancellation);
    }

    public Task<ServedRecommendation?> FindAsync(Tenant tenant, string recommendationId, CancellationToken cancellation) =>
        _served.FindByIdAsync(BsonDomain.Key(tenant, recommendationId), ServedDocument.Read, cancellation);

    public async Task<IReadOnlyList<ServedRecommendation>> ReadPersonAsync(
        Tenant tenant, Person person, DateTimeOffset since, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (limit == 0) return [];
        return Since(since, await _served.FindAsync(filter => OfPerson(filter, tenant, person, since), NewestFirst, limit, ServedDocument.Read, MongoTarget.Primary, cancellation));
    }

    public async Task<int> ForgetAsync(Tenant tenant, IReadOnlyList<string> recommendationIds, CancellationToken cancellation)
    {
        long forgotten = 0;
        foreach (string[] together in recommendationIds.Chunk(ForgottenTogether))
            forgotten += await _served.DeleteByIdsAsync(together.Select(id => BsonDomain.Key(tenant, id)), cancellation);
        return (int)forgotten;
    }

    public async Task<long> ForgetBeforeAsync(Tenant tenant, DateTimeOffset moment, CancellationToken cancellation)
    {
        long forgotten = 0;
        List<string> old;
        do
        {
            old = await _served.FindAsync(filter => filter.String("tenant", tenant.Id).BeginDocument("served_at").Instant("$lt", Whole(moment)).End(),
                sort => sort.Int32("served_at", 1), ForgottenTogether, BsonDomain.KeyOf, MongoTarget.Primary, cancellation);
            if (old.Count > 0) forgotten += await _served.DeleteByIdsAsync(old, cancellation);
        }
        while (old.Count == ForgottenTogether);
        // Of the moment's own millisecond, what came before it.
        var same = await _served.FindAsync(filter => filter.String("tenant", tenant.Id).Instant("served_at", Whole(moment)), null, int.MaxValue, ServedDocument.Read,
            MongoTarget.Primary, cancellation);
        return forgotten + await ForgetAsync(tenant, [.. same.Where(served => served.ServedAt < moment).Select(served => served.RecommendationId)], cancellation);
    }

    /// <summary>The fields of the index recommendations_by_person. It compares milliseconds: <see cref="Since"/> does the rest.</summary>
    internal static void OfPerson(BsonWriter filter, Tenant tenant, Person person, DateTimeOffset since)
    {
        MongoEventLog.OfPerson(filter, tenant, person);
        filter.BeginDocument("served_at").Instant("$gte", Whole(since)).End();
    }

    internal static void NewestFirst(BsonWriter sort) => sort.Int32("served_at", -1).Int32("served_at_ticks", -1).Int32("_id", -1);

    internal static IReadOnlyList<ServedRecommendation> Since(DateTimeOffset since, IReadOnlyList<ServedRecommendation> newestFirst) =>
        [.. newestFirst.TakeWhile(served => served.ServedAt >= since)];

    private static DateTimeOffset Whole(DateTimeOffset moment) => moment.AddTicks(-(moment.UtcTicks % TimeSpan.TicksPerMillisecond));
}
