using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Everything of a person by one command: their events, and united with them the documents of the other collections, each marked with where it is from.
/// The lock of the links is read before the links: one of a later revision, or a link about to be made, has them read again with care.
/// </summary>
internal sealed class MongoPersonRecords(MongoDatabase database, IShopStore store) : IPersonRecords
{
    private const string Mark = "from_collection";

    private readonly MongoCollection _events = database.Collection(MongoCollections.Events);

    public async Task<PersonRecord> ReadAsync(
        Tenant tenant, Person person, DateTimeOffset shownSince, int mostShown, DateTimeOffset contactsSince, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostShown);
        var parts = await _events.TryAggregateAsync(stages =>
        {
            stages.BeginDocument().Document("$match", filter => filter.Of(tenant, person)).End().BeginDocument().BeginDocument("$sort").Int32("position", 1).End().End();
            Unite(stages, MongoCollections.LinkLocks, filter => filter.String("_id", BsonDomain.Key(tenant, MongoIdentityLinks.TheOnlyLock)));
            Unite(stages, MongoCollections.Links, filter => MongoIdentityLinks.OfPerson(filter, tenant, person));
            Unite(stages, MongoCollections.Contacts, filter => MongoContactLedger.OfPeople(filter, tenant, [person], contactsSince));
            if (person.Kind == PersonKind.Customer) Unite(stages, MongoCollections.Customers, filter => filter.String("_id", BsonDomain.Key(tenant, person.Id)));
            if (mostShown > 0) Unite(stages, MongoCollections.Recommendations, filter => MongoRecommendationLog.OfPerson(filter, tenant, person, shownSince), MongoRecommendationLog.NewestFirst, mostShown);
        }, Part.Read, MongoTarget.Primary, cancellation);
        // More than 16 MB of one person: a piece at a time.
        return parts is null ? await OneByOneAsync(tenant, person, shownSince, mostShown, contactsSince, cancellation)
            : await TogetherAsync(tenant, person, parts, shownSince, contactsSince, cancellation);
    }

    private async Task<PersonRecord> TogetherAsync(
        Tenant tenant, Person person, List<Part> parts, DateTimeOffset shownSince, DateTimeOffset contactsSince, CancellationToken cancellation)
    {
        var state = parts.Find(part => part.Lock is not null)?.Lock ?? new LinkLock(0, IsPending: false);
        var links = parts.Where(part => part.Link is not null).Select(part => part.Link!).ToList();
        bool isOneState = !state.IsPending && links.TrueForAll(link => link.Revision <= state.Revision);
        return new PersonRecord(
            [.. parts.Where(part => part.Event is not null).Select(part => part.Event!.Value).OrderBy(stored => stored.Position)],
            isOneState ? StoredLink.Together(state.Revision, person, links) : await store.Links.OfAsync(tenant, person, cancellation),
            parts.Find(part => part.Customer is not null)?.Customer,
            [.. parts.Where(part => part.Contact?.At >= contactsSince).Select(part => part.Contact!).OrderBy(contact => contact.At).ThenBy(contact => contact.Id, StringComparer.Ordinal)],
            MongoRecommendationLog.Since(shownSince, [.. parts.Where(part => part.Served is not null).Select(part => part.Served!)
                .OrderByDescending(served => served.ServedAt).ThenByDescending(served => served.RecommendationId, StringComparer.Ordinal)]));
    }

    private async Task<PersonRecord> OneByOneAsync(
        Tenant tenant, Person person, DateTimeOffset shownSince, int mostShown, DateTimeOffset contactsSince, CancellationToken cancellation) => new(
            await store.Events.ReadPersonAsync(tenant, person, cancellation),
            await store.Links.OfAsync(tenant, person, cancellation),
            person.Kind == PersonKind.Customer ? await store.Customers.FindAsync(tenant, person.Id, cancellation) : null,
            await store.Contacts.ReadAsync(tenant, [person], contactsSince, cancellation),
            await store.Recommendations.ReadPersonAsync(tenant, person, shownSince, mostShown, cancellation));

    private static void Unite(BsonWriter stages, string collection, Action<BsonWriter> filter, Action<BsonWriter>? sort = null, int limit = 0)
    {
        stages.BeginDocument().BeginDocument("$unionWith").String("coll", collection).BeginArray("pipeline").BeginDocument().Document("$match", filter).End();
        if (sort is not null) stages.BeginDocument().Document("$sort", sort).End().BeginDocument().Int32("$limit", limit).End();
        stages.BeginDocument().BeginDocument("$set").String(Mark, collection).End().End().End().End().End();
    }

    /// <param name="IsPending">A decision is entered and perhaps not carried out.</param>
    private sealed record LinkLock(long Revision, bool IsPending);

    /// <summary>One document of any of the collections; exactly one is set.</summary>
    private sealed record Part(StoredEvent? Event = null, LinkLock? Lock = null, StoredLink? Link = null, Contact? Contact = null, Customer? Customer = null,
        ServedRecommendation? Served = null)
    {
        public static Part Read(ReadOnlySpan<byte> document) => CollectionOf(document) switch
        {
            MongoCollections.LinkLocks => new Part(Lock: LockOf(document)),
            MongoCollections.Links => new Part(Link: StoredLink.Read(document)),
            MongoCollections.Contacts => new Part(Contact: StoredContact.Read(document).Contact),
            MongoCollections.Customers => new Part(Customer: CustomerBson.Read(document)),
            MongoCollections.Recommendations => new Part(Served: ServedDocument.Read(document)),
            _ => new Part(Event: EventDocument.Read(document)),
        };

        private static string CollectionOf(ReadOnlySpan<byte> document)
        {
            var fields = new BsonReader(document);
            return fields.Find("from_collection"u8) ? fields.String() : MongoCollections.Events;
        }

        private static LinkLock LockOf(ReadOnlySpan<byte> document)
        {
            var (revision, isPending) = (0L, false);
            var fields = new BsonReader(document);
            while (fields.Read())
            {
                if (fields.Is("revision"u8)) revision = fields.Int64();
                else if (fields.Is("intent"u8)) isPending = true;
            }
            return new LinkLock(revision, isPending);
        }
    }
}
