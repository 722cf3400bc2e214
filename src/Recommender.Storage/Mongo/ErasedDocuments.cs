using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>Where a person is kept. A new collection with people in it belongs here.</summary>
/// <param name="Kind">As what it is counted in a receipt.</param>
/// <param name="Find">What to look for; null where there can be nothing of this person.</param>
/// <param name="Records">How many records a document is.</param>
internal sealed record ErasedDocuments(string Kind, string Collection, Func<Tenant, Person, Action<BsonWriter>?> Find, DocumentReading<long> Records)
{
    public static IReadOnlyList<ErasedDocuments> All { get; } =
    [
        new("events", MongoCollections.Events, OfPerson, One),
        // Events that were about to be forgotten one by one; they are counted where they are.
        new("events", MongoCollections.Forgettings, OfPerson, _ => 0),
        new("profiles", MongoCollections.Customers, OfKey, One),
        new("links", MongoCollections.Links, (tenant, person) => filter => filter.Of(tenant, person, "from"), One),
        new("links", MongoCollections.Links, (tenant, person) => person.Kind != PersonKind.Customer ? null
            : filter => filter.String("tenant", tenant.Id).String("customer_id", person.Id), One),
        new("sessions", MongoCollections.Sessions, OfPerson, One),
        new("contacts", MongoCollections.Contacts, OfPerson, One),
        new("recommendations", MongoCollections.Recommendations, OfPerson, One),
        new("stages", MongoCollections.LifeCycle, OfKey, StatesAndTransitions),
    ];

    /// <summary>Those without documents of people. Of the locks and of what changed lately an erasure takes the people out.</summary>
    public static IReadOnlyList<string> Nobodys { get; } =
    [
        MongoCollections.Logs, MongoCollections.ForgottenEvents, MongoCollections.Items, MongoCollections.LinkLocks, MongoCollections.Scenarios, MongoCollections.Settings,
        MongoCollections.Checkpoints, MongoCollections.Questionnaires, MongoCollections.ContactLocks, MongoCollections.Models, MongoCollections.Publications,
        MongoCollections.Erasures, MongoCollections.ModelFiles,
        MongoCollections.ModelChunks, MongoCollections.Files, MongoCollections.Schema, MongoChanges.CollectionName,
    ];

    public static Dictionary<string, long> Nothing() => All.Select(place => place.Kind).Distinct().ToDictionary(kind => kind, _ => 0L, StringComparer.Ordinal);

    private static Action<BsonWriter> OfPerson(Tenant tenant, Person person) => filter => filter.Of(tenant, person);

    private static Action<BsonWriter>? OfKey(Tenant tenant, Person person) =>
        person.Kind == PersonKind.Customer ? filter => filter.String("_id", BsonDomain.Key(tenant, person.Id)) : null;

    private static long One(ReadOnlySpan<byte> document) => 1;

    private static long StatesAndTransitions(ReadOnlySpan<byte> document)
    {
        var customer = LifeCycleBson.Read(document);
        return customer.Transitions.Count + (customer.State is null ? 0 : 1);
    }
}
