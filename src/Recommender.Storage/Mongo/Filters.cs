using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>Conditions that several collections are asked by.</summary>
internal static class Filters
{
    /// <summary>What is a person's, in a field of that name.</summary>
    public static BsonWriter Of(this BsonWriter filter, Tenant tenant, Person person, string field = "person") =>
        filter.String("tenant", tenant.Id).String($"{field}.kind", BsonDomain.NameOf(person.Kind)).String($"{field}.id", person.Id);

    /// <summary>At a moment or before it, to the millisecond: what is up to a millisecond later may come too.</summary>
    public static BsonWriter Until(this BsonWriter filter, DateTimeOffset moment) => filter.Date("$lte", Milliseconds(moment));

    /// <summary>At a moment or after it, to the millisecond: what is up to a millisecond earlier may come too.</summary>
    public static BsonWriter Since(this BsonWriter filter, DateTimeOffset moment) => filter.Date("$gte", Milliseconds(moment));

    private static long Milliseconds(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds();
}
