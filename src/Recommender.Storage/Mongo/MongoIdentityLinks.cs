using System.Runtime.CompilerServices;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>One lock a shop, whose revision is that of its links. A link has the revision at which it was made, <c>made</c>, and that of its last change.</summary>
internal sealed class MongoIdentityLinks : IIdentityLinks
{
    private const int PageLength = 1024;
    public const string TheOnlyLock = "";

    private readonly MongoCollection _links;
    private readonly IntentLock _lock;

    public MongoIdentityLinks(MongoDatabase database, ErasedPeople erased, MongoChanges changes)
    {
        _links = database.Collection(MongoCollections.Links);
        _lock = new(database.Collection(MongoCollections.LinkLocks), _links, erased, changes, StoredKind.Link, StoredLink.PeopleOf);
    }

    public Task<bool> TryLinkAsync(Tenant tenant, IdentityLink link, long revision, CancellationToken cancellation)
    {
        StorablePeople.Check(link);
        return TryChangeAsync(tenant, link.Id, revision, stored => stored is null ? (link, Made: revision + 1)
            : throw new InvalidOperationException($"link {link.Id} is there already; every link has an id of its own."), cancellation);
    }

    public Task<bool> TryEndAsync(Tenant tenant, string linkId, DateTimeOffset at, long revision, CancellationToken cancellation) =>
        TryChangeAsync(tenant, linkId, revision, stored => stored is { Link.EndedAt: null } ? (stored.Link with { EndedAt = at }, stored.Made) : null, cancellation);

    public async Task<PersonLinks> OfAsync(Tenant tenant, Person person, CancellationToken cancellation)
    {
        while (true)
        {
            long revision = await _lock.RevisionAsync(tenant, TheOnlyLock, cancellation);
            var links = await _links.FindAsync(filter => OfPerson(filter, tenant, person), sort => sort.Int32("made", 1), int.MaxValue, StoredLink.Read, MongoTarget.Primary, cancellation);
            // One that has changed since shows it; everything up to the revision was there to be read.
            if (links.TrueForAll(link => link.Revision <= revision)) return StoredLink.Together(revision, person, links);
        }
    }

    public async IAsyncEnumerable<IdentityLink> ReadHoldingAsync(Tenant tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await _lock.RevisionAsync(tenant, TheOnlyLock, cancellation);
        string after = "";
        IReadOnlyList<IdentityLink> page;
        var keyed = new KeyedDocuments<StoredLink>(_links, StoredLink.Read);
        do
        {
            string last = after;
            page = [.. (await keyed.ListAsync(filter => filter.With(KeyedDocuments<StoredLink>.After(tenant, last)).BeginDocument("ended_at").Boolean("$exists", false).End(),
                PageLength, cancellation)).Select(stored => stored.Link)];
            foreach (var link in page) yield return link;
            if (page.Count > 0) after = page[^1].Id;
        }
        while (page.Count == PageLength);
    }

    /// <summary>Says that links have changed, to whoever decides on what was seen before.</summary>
    public Task MoveOnAsync(Tenant tenant, CancellationToken cancellation) => _lock.MoveOnAsync(tenant, TheOnlyLock, cancellation);

    public Task<long> RevisionAsync(Tenant tenant, CancellationToken cancellation) => _lock.RevisionAsync(tenant, TheOnlyLock, cancellation);

    /// <summary>Carries out what is pending; afterwards nobody is named but in the links.</summary>
    public Task CarryOutAsync(Tenant tenant, CancellationToken cancellation) => _lock.RevisionAsync(tenant, TheOnlyLock, cancellation);

    /// <summary>The links from and to a person, each by an index of its own.</summary>
    public static void OfPerson(BsonWriter filter, Tenant tenant, Person person)
    {
        if (person.Kind != PersonKind.Customer) filter.Of(tenant, person, "from");
        else filter.BeginArray("$or").Document("", from => from.Of(tenant, person, "from")).Document("", to => to.String("tenant", tenant.Id).String("customer_id", person.Id)).End();
    }

    /// <param name="change">What becomes of the link that is there, if any; null: nothing, it is no link that holds.</param>
    private Task<bool> TryChangeAsync(
        Tenant tenant, string linkId, long revision, Func<StoredLink?, (IdentityLink Link, long Made)?> change, CancellationToken cancellation)
    {
        string key = BsonDomain.Key(tenant, linkId), stamp = Stamp.New();
        return Unbroken.RunAsync(async () =>
        {
            while (true)
            {
                long now = await _lock.RevisionAsync(tenant, TheOnlyLock, CancellationToken.None);
                var stored = await _links.FindByIdAsync(key, StoredLink.Read, CancellationToken.None);
                if (stored?.Stamp == stamp) return true;
                if (now != revision) return false;
                if (change(stored) is not { } changed) return false;
                var document = StoredLink.Write(tenant, changed.Link, changed.Made, revision + 1, stamp);
                if (await _lock.TryEnterAsync(tenant, TheOnlyLock, revision, stored?.Revision ?? 0, document, CancellationToken.None) != Entry.Unknown) return true;
            }
        }, cancellation);
    }
}
