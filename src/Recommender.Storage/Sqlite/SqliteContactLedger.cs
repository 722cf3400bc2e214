using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Pressure;

namespace Recommender.Storage.Sqlite;

/// <summary>Counting and entering are one write: the writer makes one after another, so that nobody counts what another is about to enter.</summary>
internal sealed class SqliteContactLedger(Writer writer, Readers readers) : IContactLedger
{
    public const string Columns = "id, person_kind, person_id, channel, purpose, at, state, expires_at, scenario, item_ids";
    public const string OfPerson =
        $"SELECT {Columns} FROM contacts WHERE tenant = ? AND person_kind = ? AND person_id = ? AND at >= ? ORDER BY at";

    private readonly KeyedRows<Contact> _rows = new(writer, readers, "contacts", Columns, Read);

    public Task<ReservationOutcome> TryReserveAsync(
        Tenant tenant, Contact reservation, IReadOnlyList<Person> people, IReadOnlyList<ContactLimit> limits, CancellationToken cancellation)
    {
        StorablePeople.Check(reservation, people);
        return writer.WriteAsync(1, connection => Reserve(connection, tenant, reservation, people, limits), cancellation);
    }

    public Task<Contact?> SettleAsync(Tenant tenant, string contactId, ContactState state, DateTimeOffset at, CancellationToken cancellation)
    {
        if (state is not (ContactState.Confirmed or ContactState.Cancelled))
            throw new ArgumentException($"contact {contactId} is settled by confirming or cancelling it, not as {state}.", nameof(state));
        return writer.WriteAsync(1, connection =>
        {
            Contact? contact = _rows.Find(connection, tenant, contactId);
            // What was made was made: a confirmation that comes after a cancelling, or too late, still tells of a contact.
            if (contact is null || contact.State == ContactState.Confirmed || contact.State == state) return contact;
            contact = contact with { State = state, At = state == ContactState.Confirmed ? at.ToUniversalTime() : contact.At };
            Enter(connection, tenant, contact);
            return contact;
        }, cancellation);
    }

    public Task<IReadOnlyList<Contact>> ReadAsync(
        Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset since, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Contact>>(readers.Read(
            connection => connection.ReadTogether(open => ReadSince(open, tenant, people, since)), cancellation));

    private ReservationOutcome Reserve(
        Connection connection, Tenant tenant, Contact reservation, IReadOnlyList<Person> people, IReadOnlyList<ContactLimit> limits)
    {
        DateTimeOffset now = reservation.At;
        if (_rows.Find(connection, tenant, reservation.Id) is { } known)
        {
            if (known.Channel != reservation.Channel || !people.Contains(known.Person))
            {
                throw new InvalidOperationException(
                    $"contact {reservation.Id} is that of {known.Person} by {known.Channel}; every contact has an id of its own.");
            }
            if (known.CountsAt(now)) return new(known, null, []);
        }
        if (limits.Count > 0)
        {
            List<Contact> counting = ReadSince(connection, tenant, people, limits.Min(limit => limit.Since));
            counting.RemoveAll(contact => !contact.CountsAt(now));
            foreach (ContactLimit limit in limits.Where(limit => limit.Covers(reservation.Channel)))
            {
                List<Contact> counted = counting.FindAll(contact => contact.At > limit.Since && limit.Covers(contact.Channel));
                if (counted.Count >= limit.Most) return new(null, limit, counted);
            }
        }
        Enter(connection, tenant, reservation);
        return new(reservation, null, []);
    }

    private static List<Contact> ReadSince(Connection connection, Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset since)
    {
        var contacts = new List<Contact>();
        foreach (Person person in people.Distinct())
        {
            using Statement select = connection.Use(OfPerson);
            contacts.AddRange(select.With(tenant.Id).With(person).With(since).ReadAll(Read));
        }
        return [.. contacts.OrderBy(contact => contact.At).ThenBy(contact => contact.Id, StringComparer.Ordinal)];
    }

    public static void Enter(Connection connection, Tenant tenant, Contact contact)
    {
        using Statement upsert = connection.Use($"""
            INSERT INTO contacts ({Columns}, tenant) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, id) DO UPDATE SET person_kind = excluded.person_kind, person_id = excluded.person_id, purpose = excluded.purpose,
                at = excluded.at, state = excluded.state, expires_at = excluded.expires_at, scenario = excluded.scenario, item_ids = excluded.item_ids
            """);
        upsert.With(contact.Id).With(contact.Person).With(contact.Channel).With(contact.Purpose).With(contact.At).With((long)contact.State)
            .With(contact.ExpiresAt).With(contact.Scenario).WithText(PlainJson.Write(contact.ItemIds.AsSpan().ToArray())).With(tenant.Id).Run();
    }

    public static Contact Read(Statement row) => new(row.Text(0), row.Person(1), row.Text(3), row.Text(4), row.Instant(5), (ContactState)row.Long(6))
    {
        ExpiresAt = row.InstantOrNull(7),
        Scenario = row.Text(8),
        ItemIds = PlainJson.Read<ImmutableArray<string>>(row.Utf8Text(9)),
    };
}
