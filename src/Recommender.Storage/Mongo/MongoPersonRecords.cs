using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Everything of some people by one command: their events, and united with them the documents of the other collections, each marked with
/// where it is from. The lock of the links is read before the links: one of a later revision, or a link about to be made, has them read
/// again with care.
/// </summary>
internal sealed class MongoPersonRecords(MongoDatabase database, IShopStore store) : IPersonRecords
{
    private const string Mark = "from_collection";

    // Each is a stage of the pipeline, and an answer of 16 MB has room for a quarter of a megabyte of each.
    private const int MostTogether = 64;

    private readonly MongoCollection _events = database.Collection(MongoCollections.Events);

    public async Task<IReadOnlyList<PersonRecord>> ReadAsync(
        Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset shownSince, int mostShown, DateTimeOffset contactsSince,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostShown);
        if (people.Count > MostTogether)
        {
            var records = new List<PersonRecord>(people.Count);
            foreach (var together in people.Chunk(MostTogether))
                records.AddRange(await ReadAsync(tenant, together, shownSince, mostShown, contactsSince, cancellation));
            return records;
        }
        if (people.Count == 0) return [];
        string[] customers = [.. people.Where(person => person.Kind == PersonKind.Customer)
            .Select(person => BsonDomain.Key(tenant, person.Id))];
        var parts = await _events.TryAggregateAsync(stages =>
        {
            stages.BeginDocument().Document("$match", filter => Any(filter, people, (one, person) => one.Of(tenant, person))).End();
            stages.BeginDocument().BeginDocument("$sort").Int32("position", 1).End().End();
            Unite(stages, MongoCollections.LinkLocks, filter => filter.String("_id", BsonDomain.Key(tenant, MongoIdentityLinks.TheOnlyLock)));
            Unite(stages, MongoCollections.Links,
                filter => Any(filter, people, (one, person) => MongoIdentityLinks.OfPerson(one, tenant, person)));
            Unite(stages, MongoCollections.Contacts, filter => MongoContactLedger.OfPeople(filter, tenant, people, contactsSince));
            if (customers.Length > 0)
                Unite(stages, MongoCollections.Customers, filter => filter.BeginDocument("_id").Strings("$in", customers).End());
            // One for each: the limit is each person's own.
            foreach (var person in mostShown > 0 ? people : [])
                Unite(stages, MongoCollections.Recommendations,
                    filter => MongoRecommendationLog.OfPerson(filter, tenant, person, shownSince),
                    MongoRecommendationLog.NewestFirst, mostShown);
        }, Part.Read, MongoTarget.Primary, cancellation);
        if (parts is not null) return await TogetherAsync(tenant, people, parts, shownSince, contactsSince, cancellation);
        // More than one answer holds: fewer people, and of one person a piece at a time.
        if (people.Count == 1) return [await OneByOneAsync(tenant, people[0], shownSince, mostShown, contactsSince, cancellation)];
        int half = people.Count / 2;
        return
        [
            .. await ReadAsync(tenant, [.. people.Take(half)], shownSince, mostShown, contactsSince, cancellation),
            .. await ReadAsync(tenant, [.. people.Skip(half)], shownSince, mostShown, contactsSince, cancellation),
        ];
    }

    private async Task<IReadOnlyList<PersonRecord>> TogetherAsync(
        Tenant tenant, IReadOnlyList<Person> people, List<Part> parts, DateTimeOffset shownSince, DateTimeOffset contactsSince,
        CancellationToken cancellation)
    {
        var state = parts.Find(part => part.Lock is not null)?.Lock ?? new LinkLock(0, IsPending: false);
        var links = parts.Where(part => part.Link is not null).Select(part => part.Link!).ToList();
        bool isOneState = !state.IsPending && links.TrueForAll(link => link.Revision <= state.Revision);
        var events = parts.Where(part => part.Event is not null).Select(part => part.Event!.Value).ToLookup(stored => stored.Event.Person);
        var profiles = parts.Where(part => part.Customer is not null)
            .ToDictionary(part => part.Customer!.Id, part => part.Customer, StringComparer.Ordinal);
        var contacts = parts.Where(part => part.Contact?.At >= contactsSince).Select(part => part.Contact!)
            .ToLookup(contact => contact.Person);
        var shown = parts.Where(part => part.Served is not null).Select(part => part.Served!).ToLookup(served => served.Person);
        var records = new List<PersonRecord>(people.Count);
        foreach (var person in people)
        {
            records.Add(new PersonRecord(
                [.. events[person].OrderBy(stored => stored.Position)],
                isOneState ? StoredLink.Together(state.Revision, person, links) : await store.Links.OfAsync(tenant, person, cancellation),
                person.Kind == PersonKind.Customer ? profiles.GetValueOrDefault(person.Id) : null,
                [.. contacts[person].OrderBy(contact => contact.At).ThenBy(contact => contact.Id, StringComparer.Ordinal)],
                MongoRecommendationLog.Since(shownSince, [.. shown[person]
                    .OrderByDescending(served => served.ServedAt)
                    .ThenByDescending(served => served.RecommendationId, StringComparer.Ordinal)])));
        }
        return records;
    }

    private static void Any(BsonWriter filter, IReadOnlyList<Person> people, Action<BsonWriter, Person> of)
    {
        if (people.Count == 1)
        {
            of(filter, people[0]);
            return;
        }
        filter.BeginArray("$or");
        foreach (var person in people) filter.Document("", one => of(one, person));
        filter.End();
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
