using System.Runtime.CompilerServices;
using Recommender.Interactions;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteEventLog(Writer writer, Readers readers, DeletedBytes deletedBytes) : IEventLog
{
    // Long enough to make the query's start cheap, short enough to keep the read transaction small, and what a collection of garbage meets
    // in use and has to move while requests wait.
    private const int PageLength = 256;

    // Said, not left to the planner: to save itself a sort it would walk the shop's whole log.
    public const string OfPerson = $"""
        SELECT {EventRow.Columns} FROM events INDEXED BY events_by_person
        WHERE tenant = ? AND person_kind = ? AND person_id = ? ORDER BY position
        """;

    public async Task<IReadOnlyList<AppendOutcome>> AppendAsync(Tenant tenant, IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        for (int i = 0; i < events.Count; i++) StorableEvent.Check(events[i], i);
        if (events.Count == 0) return [];
        return await writer.WriteAsync(events.Count, connection => Append(connection, tenant, events), cancellation);
    }

    public async IAsyncEnumerable<StoredEvent> ReadSinceAsync(
        Tenant tenant, long position, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<StoredEvent> page;
        do
        {
            long after = position;
            page = await readers.ScanAsync(connection => ReadPage(connection, tenant, after), cancellation);
            foreach (StoredEvent stored in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return stored;
                position = stored.Position;
            }
        }
        while (page.Count == PageLength);
    }

    public Task<IReadOnlyList<StoredEvent>> ReadPersonAsync(Tenant tenant, Person person, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StoredEvent>>(readers.Read(connection =>
        {
            using Statement select = connection.Use(OfPerson);
            return select.With(tenant.Id).With(person).ReadAll(EventRow.Read);
        }, cancellation));

    public Task<IReadOnlyList<string>> CustomersAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ScanAsync<IReadOnlyList<string>>(connection =>
        {
            // SQLite compares text by its UTF-8 bytes; no id is empty, so that all come after the empty one.
            using Statement select = connection.Use("""
                SELECT DISTINCT person_id FROM events INDEXED BY events_by_person
                WHERE tenant = ? AND person_kind = 0 AND person_id > ? ORDER BY person_id LIMIT ?
                """);
            return select.With(tenant.Id).With(afterId ?? "").With(limit).ReadAll(row => row.Text(0));
        }, cancellation);
    }

    public Task<StoredEvent?> FindAsync(Tenant tenant, string eventId, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection => Find(connection, tenant, eventId), cancellation));

    public Task<long> LastPositionAsync(Tenant tenant, CancellationToken cancellation) => Task.FromResult(readers.Read(connection =>
    {
        using Statement select = connection.Use("SELECT position FROM events WHERE tenant = ? ORDER BY position DESC LIMIT 1");
        return select.With(tenant.Id).Step() ? select.Long(0) : 0;
    }, cancellation));

    public Task<EventLogSize> SizeAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync(connection =>
    {
        // The inner query walks events_by_person in its order: time grows with the log, memory does not.
        using Statement select = connection.Use("""
            SELECT COALESCE(SUM(events), 0), COALESCE(SUM(person_kind = 0), 0), COALESCE(SUM(person_kind = 1), 0)
            FROM (SELECT person_kind, COUNT(*) AS events FROM events INDEXED BY events_by_person WHERE tenant = ? GROUP BY person_kind, person_id)
            """);
        select.With(tenant.Id).Step();
        return new EventLogSize(select.Long(0), select.Long(1), select.Long(2));
    }, cancellation);

    public Task<long> CountSinceAsync(Tenant tenant, long position, CancellationToken cancellation) => readers.ScanAsync(connection =>
    {
        using Statement select = connection.Use("SELECT COUNT(*) FROM events WHERE tenant = ? AND position > ?");
        select.With(tenant.Id).With(position).Step();
        return select.Long(0);
    }, cancellation);

    public Task<DateTimeOffset?> NewestAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync(connection =>
    {
        using Statement select = connection.Use("SELECT MAX(occurred_at) FROM events WHERE tenant = ?");
        select.With(tenant.Id).Step();
        return select.InstantOrNull(0);
    }, cancellation);

    public async Task<int> ForgetAsync(Tenant tenant, Person person, IReadOnlyList<string> eventIds, CancellationToken cancellation)
    {
        for (int i = 0; i < eventIds.Count; i++) Storable.RequireId(eventIds[i], "event", i);
        int forgotten = await writer.WriteAsync(
            eventIds.Count, connection => ForgottenEvents.Add(connection, tenant, person, eventIds), cancellation);
        if (forgotten > 0) await deletedBytes.EmptyLogAsync();
        return forgotten;
    }

    private static AppendOutcome[] Append(Connection connection, Tenant tenant, IReadOnlyList<ShopEvent> events)
    {
        var outcomes = new AppendOutcome[events.Count];
        long position = Reserve(connection, tenant, events.Count);
        bool mayComeBack = ForgottenEvents.AreAny(connection, tenant);
        for (int i = 0; i < outcomes.Length; i++, position++)
        {
            if (mayComeBack && ForgottenEvents.PositionOf(connection, tenant, events[i].EventId) is long former)
            {
                outcomes[i] = new(AppendStatus.Duplicate, former);
                continue;
            }
            if (TryInsert(connection, tenant, position, events[i]))
            {
                outcomes[i] = new(AppendStatus.Appended, position);
                continue;
            }
            StoredEvent known = Find(connection, tenant, events[i].EventId)!.Value;
            outcomes[i] = new(known.Event == events[i] ? AppendStatus.Duplicate : AppendStatus.Conflict, known.Position);
        }
        return outcomes;
    }

    /// <summary>The first of <paramref name="count"/> new positions. Those of duplicates stay unused.</summary>
    private static long Reserve(Connection connection, Tenant tenant, int count)
    {
        using Statement reserve = connection.Use("""
            INSERT INTO event_positions (tenant, last) VALUES (?, ?)
            ON CONFLICT (tenant) DO UPDATE SET last = last + excluded.last RETURNING last
            """);
        reserve.With(tenant.Id).With(count).Step();
        return reserve.Long(0) - count + 1;
    }

    private static bool TryInsert(Connection connection, Tenant tenant, long position, ShopEvent shopEvent)
    {
        using Statement insert = connection.Use(
            $"INSERT INTO events ({EventRow.Columns}, tenant) VALUES ({EventRow.Values}, ?) ON CONFLICT (tenant, event_id) DO NOTHING");
        return EventRow.Bind(insert, position, shopEvent).With(tenant.Id).Run() == 1;
    }

    private static StoredEvent? Find(Connection connection, Tenant tenant, string eventId)
    {
        using Statement select = connection.Use($"SELECT {EventRow.Columns} FROM events WHERE tenant = ? AND event_id = ?");
        return select.With(tenant.Id).With(eventId).Step() ? EventRow.Read(select) : null;
    }

    private static List<StoredEvent> ReadPage(Connection connection, Tenant tenant, long after)
    {
        using Statement select = connection.Use($"SELECT {EventRow.Columns} FROM events WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?");
        return select.With(tenant.Id).With(after).With(PageLength).ReadAll(EventRow.Read);
    }
}
