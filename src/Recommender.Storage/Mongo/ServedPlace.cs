using System.Globalization;
using Recommender.Ranking;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A place among the served recommendations in the order of their moments, that of the index recommendations_by_age.</summary>
/// <param name="Ticks">What the date does not hold, 0 to 9,999; a document has it where it is not 0.</param>
internal readonly record struct ServedPlace(long Milliseconds, int Ticks, string Id)
{
    public static ServedPlace Of(ServedRecommendation served) => new(
        served.ServedAt.ToUnixTimeMilliseconds(), (int)(served.ServedAt.UtcTicks % TimeSpan.TicksPerMillisecond), served.RecommendationId);

    public static ServedPlace? Parse(string? place) => place?.Split('/', 3) is not { Length: 3 } parts ? null
        : new(long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);

    public static void Order(BsonWriter sort) => sort.Int32("served_at", 1).Int32("served_at_ticks", 1).Int32("_id", 1);

    /// <summary>What comes behind a place, or everything.</summary>
    public static void After(BsonWriter filter, Tenant tenant, ServedPlace? place)
    {
        filter.String("tenant", tenant.Id);
        if (place is not { } last) return;
        filter.BeginDocument("served_at").Date("$gte", last.Milliseconds).End().BeginArray("$or")
            .BeginDocument().BeginDocument("served_at").Date("$gt", last.Milliseconds).End().End()
            .BeginDocument().BeginDocument("served_at_ticks").Int32("$gt", last.Ticks).End().End()
            .BeginDocument().With(same => SameTicks(same, last.Ticks)).BeginDocument("_id").String("$gt", BsonDomain.Key(tenant, last.Id)).End().End().End();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}/{Ticks}/{Id}");

    private static void SameTicks(BsonWriter filter, int ticks)
    {
        if (ticks > 0) filter.Int32("served_at_ticks", ticks);
        else filter.BeginDocument("served_at_ticks").Boolean("$exists", false).End();
    }
}
