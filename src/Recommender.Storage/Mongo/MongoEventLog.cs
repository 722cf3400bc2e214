using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

internal sealed class MongoEventLog(MongoDatabase database, EventPositions positions, MongoChanges changes) : IEventLog, IAsyncDisposable
{
    private const int KeysInAPage = 20_000;

    private readonly MongoCollection _events = database.Collection(MongoCollections.Events);
    private readonly EventPages _pages = new(database);
    private readonly ForgottenEvents _forgotten = new(database, positions);
    private readonly ConcurrentDictionary<Tenant, EventAppender> _appenders = new();

    public async Task<IReadOnlyList<AppendOutcome>> AppendAsync(Tenant tenant, IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        for (int i = 0; i < events.Count; i++) StorableEvent.Check(events[i], i);
        if (events.Count == 0) return [];
        return await _appenders.GetOrAdd(tenant, shop => new EventAppender(shop, positions, new EventInserts(database, _forgotten))).AppendAsync([.. events], cancellation);
    }

    public async IAsyncEnumerable<StoredEvent> ReadSinceAsync(Tenant tenant, long position, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // What is appended while this reads is read, too: the end is where there was nothing more.
        for (long settled; (settled = await positions.SettledAsync(tenant, cancellation)) > position; position = settled)
        {
            List<StoredEvent> page;
            do
            {
                page = await _pages.ReadAsync(tenant, position, settled, cancellation);
                foreach (StoredEvent stored in page)
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return stored;
                    position = stored.Position;
                }
            }
            while (page.Count == EventPages.Length);
        }
    }

    public async Task<IReadOnlyList<StoredEvent>> ReadPersonAsync(Tenant tenant, Person person, CancellationToken cancellation) =>
        await _events.FindAsync(filter => OfPerson(filter, tenant, person), sort => sort.Int32("position", 1), int.MaxValue, EventDocument.Read, MongoTarget.Primary, cancellation);

    // The keys of one page of events, from the index alone, and of these each person once: a group over all the rest would be made anew for every page.
    public async Task<IReadOnlyList<string>> CustomersAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (limit == 0) return [];
        string kind = BsonDomain.NameOf(PersonKind.Customer);
        var ids = await _events.AggregateAsync(stages => stages
            .BeginDocument().Document("$match", filter => filter.String("tenant", tenant.Id).String("person.kind", kind).BeginDocument("person.id").String("$gt", afterId ?? "").End()).End()
            .BeginDocument().BeginDocument("$sort").Int32("tenant", 1).Int32("person.kind", 1).Int32("person.id", 1).End().End()
            .BeginDocument().Int32("$limit", KeysInAPage).End()
            .BeginDocument().BeginDocument("$group").String("_id", "$person.id").End().End()
            .BeginDocument().BeginDocument("$sort").Int32("_id", 1).End().End()
            .BeginDocument().Int32("$limit", limit).End(), ReadId, MongoTarget.Primary, cancellation);
        return ids;

        static string ReadId(ReadOnlySpan<byte> document)
        {
            var fields = new BsonReader(document);
            return fields.Find("_id"u8) ? fields.String() : throw new InvalidBsonException("A person has no id.");
        }
    }

    public async Task<StoredEvent?> FindAsync(Tenant tenant, string eventId, CancellationToken cancellation)
    {
        var found = await _events.FindAsync(filter => filter.String("_id", BsonDomain.Key(tenant, eventId)), null, 1, EventDocument.Read, MongoTarget.Primary, cancellation);
        return found.Count == 0 ? null : found[0];
    }

    public async Task<long> LastPositionAsync(Tenant tenant, CancellationToken cancellation)
    {
        long settled = await positions.SettledAsync(tenant, cancellation);
        if (settled == 0) return 0;
        var newest = await _events.FindAsync(filter => filter.String("tenant", tenant.Id).BeginDocument("position").Int64("$lte", settled).End(),
            sort => sort.Int32("position", -1), 1, EventDocument.Read, MongoTarget.Primary, cancellation);
        return newest.Count == 0 ? 0 : newest[0].Position;
    }

    public async Task<EventLogSize> SizeAsync(Tenant tenant, CancellationToken cancellation)
    {
        var kinds = await _events.AggregateAsync(stages => stages
            .BeginDocument().Document("$match", filter => filter.String("tenant", tenant.Id)).End()
            .BeginDocument().BeginDocument("$group").String("_id", "$person").BeginDocument("events").Int32("$sum", 1).End().End().End()
            .BeginDocument().BeginDocument("$group").String("_id", "$_id.kind").BeginDocument("events").String("$sum", "$events").End()
                .BeginDocument("people").Int32("$sum", 1).End().End().End(), ReadKind, MongoTarget.PrimarySlowly, cancellation);
        return new EventLogSize(kinds.Sum(kind => kind.Events), kinds.Sum(kind => kind.Customers), kinds.Sum(kind => kind.Visitors));
    }

    public Task<long> CountSinceAsync(Tenant tenant, long position, CancellationToken cancellation) =>
        _events.CountAsync(filter => filter.String("tenant", tenant.Id).BeginDocument("position").Int64("$gt", position).End(), cancellation);

    public async Task<DateTimeOffset?> NewestAsync(Tenant tenant, CancellationToken cancellation)
    {
        // A document is compared by its fields in their order: the latest millisecond, and in it the latest 100 ns.
        var newest = await _events.AggregateAsync(stages => stages
            .BeginDocument().Document("$match", filter => filter.String("tenant", tenant.Id)).End()
            .BeginDocument().BeginDocument("$group").Null("_id").BeginDocument("newest").BeginDocument("$max").String("occurred_at", "$occurred_at")
                .BeginDocument("occurred_at_ticks").BeginArray("$ifNull").String("", "$occurred_at_ticks").Int32("", 0).End().End().End().End().End().End()
            .BeginDocument().BeginDocument("$replaceRoot").String("newRoot", "$newest").End().End(), ReadMoment, MongoTarget.PrimarySlowly, cancellation);
        return newest.Count == 0 ? null : newest[0];
    }

    public async Task<int> ForgetAsync(Tenant tenant, Person person, IReadOnlyList<string> eventIds, CancellationToken cancellation)
    {
        for (int i = 0; i < eventIds.Count; i++) Storable.RequireId(eventIds[i], "event", i);
        cancellation.ThrowIfCancellationRequested();
        int forgotten = await _forgotten.ForgetAsync(tenant, person, eventIds, cancellation);
        if (forgotten > 0) await changes.NoteAsync(tenant, StoredKind.ForgottenEvents, [person], CancellationToken.None);
        return forgotten;
    }

    /// <summary>Ends what a crash interrupted.</summary>
    public Task ResumeAsync(CancellationToken cancellation) => _forgotten.ResumeAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var appender in _appenders.Values) await appender.DisposeAsync();
    }

    /// <summary>The fields of the index events_by_person.</summary>
    internal static void OfPerson(BsonWriter filter, Tenant tenant, Person person) =>
        filter.String("tenant", tenant.Id).String("person.kind", BsonDomain.NameOf(person.Kind)).String("person.id", person.Id);

    private static (long Events, long Customers, long Visitors) ReadKind(ReadOnlySpan<byte> document)
    {
        var (kind, events, people) = ("", 0L, 0L);
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) kind = fields.String();
            else if (fields.Is("events"u8)) events = fields.Int64();
            else if (fields.Is("people"u8)) people = fields.Int64();
        }
        return kind == BsonDomain.NameOf(PersonKind.Customer) ? (events, people, 0) : (events, 0, people);
    }

    private static DateTimeOffset ReadMoment(ReadOnlySpan<byte> document)
    {
        DateTimeOffset moment = default;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("occurred_at"u8)) moment = moment.AddTicks(fields.Instant().Ticks);
            else if (fields.Is("occurred_at_ticks"u8)) moment = moment.AddTicks(fields.Int32());
        }
        return moment;
    }
}
