using System.Runtime.CompilerServices;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteIdentityLinks(Writer writer, Readers readers) : IIdentityLinks
{
    private const int PageLength = 1024;
    public const string Columns = "id, from_kind, from_id, customer_id, since, source, ended_at";
    public const string FromPerson = $"SELECT {Columns} FROM identity_links WHERE tenant = ? AND from_kind = ? AND from_id = ? ORDER BY made";
    public const string ToCustomer = $"SELECT {Columns} FROM identity_links WHERE tenant = ? AND customer_id = ? ORDER BY made";

    public Task<bool> TryLinkAsync(Tenant tenant, IdentityLink link, long revision, CancellationToken cancellation)
    {
        StorablePeople.Check(link);
        return writer.WriteAsync(1, connection =>
        {
            if (Revision(connection, tenant) != revision) return false;
            using Statement insert = connection.Use($"""
                INSERT INTO identity_links ({Columns}, tenant, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING
                """);
            insert.With(link.Id).With(link.From).With(link.CustomerId).With(link.Since).With(link.Source).With(link.EndedAt);
            insert.With(tenant.Id).With(revision + 1);
            if (insert.Run() == 0) throw new InvalidOperationException($"link {link.Id} is there already; every link has an id of its own.");
            MoveOn(connection, tenant);
            return true;
        }, cancellation);
    }

    public Task<bool> TryEndAsync(Tenant tenant, string linkId, DateTimeOffset at, long revision, CancellationToken cancellation) =>
        writer.WriteAsync(1, connection =>
        {
            if (Revision(connection, tenant) != revision) return false;
            using Statement end = connection.Use("UPDATE identity_links SET ended_at = ? WHERE tenant = ? AND id = ? AND ended_at IS NULL");
            if (end.With(at).With(tenant.Id).With(linkId).Run() == 0) return false;
            MoveOn(connection, tenant);
            return true;
        }, cancellation);

    // Links and revision of one state: a change that is made on what was read here is made on all of it.
    public Task<PersonLinks> OfAsync(Tenant tenant, Person person, CancellationToken cancellation) => Task.FromResult(readers.Read(
        connection => connection.ReadTogether(open =>
        {
            using Statement from = open.Use(FromPerson), to = open.Use(ToCustomer);
            return new PersonLinks(Revision(open, tenant), from.With(tenant.Id).With(person).ReadAll(Read),
                person.Kind == PersonKind.Customer ? to.With(tenant.Id).With(person.Id).ReadAll(Read) : []);
        }), cancellation));

    public async IAsyncEnumerable<IdentityLink> ReadHoldingAsync(Tenant tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string after = "";
        List<IdentityLink> page;
        do
        {
            page = await readers.ScanAsync(connection =>
            {
                using Statement select = connection.Use(
                    $"SELECT {Columns} FROM identity_links WHERE tenant = ? AND id > ? AND ended_at IS NULL ORDER BY id LIMIT ?");
                return select.With(tenant.Id).With(after).With(PageLength).ReadAll(Read);
            }, cancellation);
            foreach (IdentityLink link in page) yield return link;
            if (page.Count > 0) after = page[^1].Id;
        }
        while (page.Count == PageLength);
    }

    /// <summary>Says that links have changed, inside the transaction that changes them.</summary>
    public static void MoveOn(Connection connection, Tenant tenant)
    {
        using Statement move = connection.Use("""
            INSERT INTO identity_link_revisions (tenant, revision) VALUES (?, 1) ON CONFLICT (tenant) DO UPDATE SET revision = revision + 1
            """);
        move.With(tenant.Id).Run();
    }

    public static long Revision(Connection connection, Tenant tenant)
    {
        using Statement select = connection.Use("SELECT revision FROM identity_link_revisions WHERE tenant = ?");
        return select.With(tenant.Id).Step() ? select.Long(0) : 0;
    }

    public static IdentityLink Read(Statement row) =>
        new(row.Text(0), row.Person(1), row.Text(3), row.Instant(4), row.Text(5)) { EndedAt = row.InstantOrNull(6) };
}
