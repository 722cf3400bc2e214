using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// The file is at hand: some indexed reads a person, all of one state, by one connection, and with statements that are prepared once.
/// </summary>
internal sealed class SqlitePersonRecords(Readers readers) : IPersonRecords
{
    private const string ProfileOf = $"SELECT {SqliteCustomerStore.Columns} FROM customers WHERE tenant = ? AND id = ?";

    public Task<IReadOnlyList<PersonRecord>> ReadAsync(
        Tenant tenant, IReadOnlyList<Person> people, DateTimeOffset shownSince, int mostShown, DateTimeOffset contactsSince,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostShown);
        return Task.FromResult<IReadOnlyList<PersonRecord>>(readers.Read(connection => connection.ReadTogether(open =>
        {
            long revision = SqliteIdentityLinks.Revision(open, tenant);
            var records = new PersonRecord[people.Count];
            for (int i = 0; i < records.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                records[i] = Read(open, tenant, people[i], revision, shownSince, mostShown, contactsSince);
            }
            return records;
        }), cancellation));
    }

    private static PersonRecord Read(
        Connection open, Tenant tenant, Person person, long revision, DateTimeOffset shownSince, int mostShown,
        DateTimeOffset contactsSince)
    {
        using Statement events = open.Use(SqliteEventLog.OfPerson), from = open.Use(SqliteIdentityLinks.FromPerson);
        using Statement contacts = open.Use(SqliteContactLedger.OfPerson), shown = open.Use(SqliteRecommendationLog.OfPerson);
        var (to, profile) = person.Kind == PersonKind.Customer ? OfCustomer(open, tenant, person.Id) : ([], null);
        return new PersonRecord(
            events.With(tenant.Id).With(person).ReadAll(EventRow.Read),
            new PersonLinks(revision, from.With(tenant.Id).With(person).ReadAll(SqliteIdentityLinks.Read), to),
            profile,
            InOrder(contacts.With(tenant.Id).With(person).With(contactsSince).ReadAll(SqliteContactLedger.Read)),
            shown.With(tenant.Id).With(person).With(shownSince).With(mostShown).ReadAll(SqliteRecommendationLog.ReadServed));
    }

    private static (List<IdentityLink> To, Customer? Profile) OfCustomer(Connection open, Tenant tenant, string id)
    {
        using Statement to = open.Use(SqliteIdentityLinks.ToCustomer), profile = open.Use(ProfileOf);
        return (to.With(tenant.Id).With(id).ReadAll(SqliteIdentityLinks.Read),
            profile.With(tenant.Id).With(id).Step() ? SqliteCustomerStore.Read(profile) : null);
    }

    private static List<Contact> InOrder(List<Contact> contacts) => contacts.Count < 2
        ? contacts
        : [.. contacts.OrderBy(contact => contact.At).ThenBy(contact => contact.Id, StringComparer.Ordinal)];
}
