using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Counting and entering are one decision under a lock, that of the first among the people by their hashes: everybody who reserves for them comes
/// to the same. The lock's key is the hash, so that nobody is named by it.
/// </summary>
internal sealed class MongoContactLedger : IContactLedger
{
    private readonly MongoCollection _contacts;
    private readonly IntentLock _locks;
    private readonly MongoChanges _changes;

    public MongoContactLedger(MongoDatabase database, ErasedPeople erased, MongoChanges changes)
    {
        _changes = changes;
        _contacts = database.Collection(MongoCollections.Contacts);
        _locks = new(database.Collection(MongoCollections.ContactLocks), _contacts, erased, changes, StoredKind.Contact, StoredContact.PeopleOf);
    }

    public Task<ReservationOutcome> TryReserveAsync(
        Tenant tenant, Contact reservation, IReadOnlyList<Person> people, IReadOnlyList<ContactLimit> limits, CancellationToken cancellation)
    {
        StorablePeople.Check(reservation, people);
        string lockId = people.Select(person => Erasure.HashOf(tenant, person)).Min(StringComparer.Ordinal)!;
        return Unbroken.RunAsync(async () =>
        {
            while (true)
            {
                // Its lock first: who enters anything after this moves it on, and what is counted here is then counted again.
                long seen = await _locks.RevisionAsync(tenant, lockId, CancellationToken.None);
                var known = await FindAsync(tenant, reservation.Id, CancellationToken.None);
                if (known is not null && IsHeld(known.Contact, reservation, people)) return new(known.Contact, null, []);
                if (await RefusalAsync(tenant, reservation, people, limits) is { } refusal) return refusal;
                var document = StoredContact.Write(tenant, reservation, (known?.Revision ?? 0) + 1, Stamp.New());
                if (await _locks.TryEnterAsync(tenant, lockId, seen, known?.Revision ?? 0, document, CancellationToken.None) == Entry.CarriedOut) return new(reservation, null, []);
            }
        }, cancellation);
    }

    public Task<Contact?> SettleAsync(Tenant tenant, string contactId, ContactState state, DateTimeOffset at, CancellationToken cancellation)
    {
        if (state is not (ContactState.Confirmed or ContactState.Cancelled))
            throw new ArgumentException($"contact {contactId} is settled by confirming or cancelling it, not as {state}.", nameof(state));
        return Unbroken.RunAsync(async () =>
        {
            for (bool isWritten = false; ;)
            {
                var stored = await FindAsync(tenant, contactId, CancellationToken.None);
                // What was made was made: a confirmation that comes after a cancelling, or too late, still tells of a contact.
                bool isSettled = stored is null || stored.Contact.State == ContactState.Confirmed || stored.Contact.State == state;
                if (isSettled && isWritten) await _changes.NoteAsync(tenant, StoredKind.Contact, [stored!.Contact.Person], CancellationToken.None);
                if (isSettled) return stored?.Contact;
                // Whether it is this write or another one that changed the contact, looking again shows what it then is.
                await WriteAsync(tenant, stored!, state, at);
                isWritten = true;
            }
        }, cancellation);
    }

    public async Task<IReadOnlyList<Contact>> ReadAsync(Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset since, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (people.Count == 0) return [];
        var contacts = await _contacts.FindAsync(filter => OfPeople(filter, tenant, people, since), sort => sort.Int32("at", 1).Int32("_id", 1), int.MaxValue,
            StoredContact.Read, MongoTarget.Primary, cancellation);
        return [.. contacts.Select(stored => stored.Contact).Where(contact => contact.At >= since)
            .OrderBy(contact => contact.At).ThenBy(contact => contact.Id, StringComparer.Ordinal)];
    }

    /// <summary>Carries out what is pending about a person; afterwards nothing names them but their contacts.</summary>
    public Task CarryOutAsync(Tenant tenant, Person person, CancellationToken cancellation) =>
        _locks.CarryOutAllAsync(tenant, filter => filter.Of(tenant, person, "intent.document.person"), cancellation);

    /// <summary>Carries out everything that is pending.</summary>
    public Task CarryOutAsync(Tenant tenant, CancellationToken cancellation) =>
        _locks.CarryOutAllAsync(tenant, filter => filter.String("tenant", tenant.Id).BeginDocument("intent").Boolean("$exists", true).End(), cancellation);

    /// <summary>Contacts of people from a moment on, to the millisecond, each person by the index.</summary>
    public static void OfPeople(BsonWriter filter, Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset since)
    {
        filter.BeginArray("$or");
        foreach (var person in people.Distinct()) filter.Document("", one => one.Of(tenant, person).BeginDocument("at").Since(since).End());
        filter.End();
    }

    private Task<StoredContact?> FindAsync(Tenant tenant, string contactId, CancellationToken cancellation) =>
        _contacts.FindByIdAsync(BsonDomain.Key(tenant, contactId), StoredContact.Read, cancellation);

    private Task<UpdateResult> WriteAsync(Tenant tenant, StoredContact stored, ContactState state, DateTimeOffset at)
    {
        var settled = stored.Contact with { State = state, At = state == ContactState.Confirmed ? at.ToUniversalTime() : stored.Contact.At };
        var document = StoredContact.Write(tenant, settled, stored.Revision + 1, Stamp.New());
        return _contacts.UpdateEachAsync(
            [MongoCollection.ReplacementOf(filter => filter.String("_id", BsonDomain.Key(tenant, settled.Id)).Int64("revision", stored.Revision), document)], CancellationToken.None);
    }

    private static bool IsHeld(Contact known, Contact reservation, IReadOnlyList<Person> people) =>
        known.Channel == reservation.Channel && people.Contains(known.Person) ? known.CountsAt(reservation.At)
            : throw new InvalidOperationException($"contact {reservation.Id} is that of {known.Person} by {known.Channel}; every contact has an id of its own.");

    private async Task<ReservationOutcome?> RefusalAsync(Tenant tenant, Contact reservation, IReadOnlyList<Person> people, IReadOnlyList<ContactLimit> limits)
    {
        if (limits.Count == 0) return null;
        var counting = (await ReadAsync(tenant, people, limits.Min(limit => limit.Since), CancellationToken.None)).Where(contact => contact.CountsAt(reservation.At)).ToList();
        foreach (var limit in limits.Where(limit => limit.Covers(reservation.Channel)))
        {
            var counted = counting.FindAll(contact => contact.At > limit.Since && limit.Covers(contact.Channel));
            if (counted.Count >= limit.Most) return new(null, limit, counted);
        }
        return null;
    }
}
