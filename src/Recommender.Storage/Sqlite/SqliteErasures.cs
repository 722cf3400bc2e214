using Recommender.Interactions;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// An erasure is a row from its beginning: it holds whom it is about, each write deletes a bounded number of rows and counts them there, and the
/// last one takes the people's ids out of it, which makes it a receipt. So a person with a million events holds nobody up, and after a crash
/// it goes on where it was.
/// </summary>
internal sealed class SqliteErasures(Writer writer, Readers readers, DeletedBytes deletedBytes) : IErasures
{
    private const int DeletedTogether = 1000;

    /// <exception cref="InvalidOperationException">The receipt is that of other people.</exception>
    public async Task<Erasure> EraseAsync(
        Tenant tenant, IReadOnlyList<Person> people, string receiptId, DateTimeOffset at,
        IReadOnlyDictionary<string, long> elsewhere, CancellationToken cancellation)
    {
        Dictionary<string, long> deleted = StorablePeople.Check(receiptId, people, elsewhere, ErasedRows.Nothing());
        await writer.WriteAsync(people.Count, connection => Begin(connection, tenant, [.. people.Distinct()], receiptId, at, deleted), cancellation);
        // Begun is done: half an erasure is worse than one that a caller no longer waits for.
        await FinishAsync(tenant, receiptId);
        return (await FindAsync(tenant, receiptId, CancellationToken.None))!;
    }

    /// <summary>Ends what a crash interrupted.</summary>
    public async Task ResumeAsync()
    {
        List<(string Tenant, string Receipt)> begun = readers.Read(connection =>
        {
            using Statement select = connection.Use("SELECT tenant, receipt_id FROM erasures WHERE people IS NOT NULL ORDER BY rowid");
            return select.ReadAll(row => (row.Text(0), row.Text(1)));
        }, CancellationToken.None);
        foreach (var (tenant, receipt) in begun) await FinishAsync(new Tenant(tenant), receipt);
    }

    public Task<Erasure?> FindAsync(Tenant tenant, string receiptId, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection => connection.ReadTogether(open =>
        {
            using Statement select = open.Use("SELECT receipt_id, at, deleted FROM erasures WHERE tenant = ? AND receipt_id = ? AND people IS NULL");
            return select.With(tenant.Id).With(receiptId).Step() ? Read(open, tenant, select) : null;
        }), cancellation));

    public Task<IReadOnlyList<Erasure>> ListAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync<IReadOnlyList<Erasure>>(
        connection => connection.ReadTogether(open =>
        {
            using Statement select = open.Use("SELECT receipt_id, at, deleted FROM erasures WHERE tenant = ? AND people IS NULL ORDER BY at, rowid");
            return select.With(tenant.Id).ReadAll(row => Read(open, tenant, row));
        }), cancellation);

    public Task<IReadOnlyList<string>> PeopleAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync<IReadOnlyList<string>>(connection =>
    {
        using Statement select = connection.Use("SELECT DISTINCT hash FROM erased_people WHERE tenant = ? AND readmitted = 0");
        return select.With(tenant.Id).ReadAll(row => row.Text(0));
    }, cancellation);

    public Task<bool> ReadmitAsync(Tenant tenant, Person person, CancellationToken cancellation) => writer.WriteAsync(1, connection =>
    {
        using Statement readmit = connection.Use("""
            UPDATE erased_people SET readmitted = 1 WHERE tenant = ?1 AND readmitted = 0 AND receipt_id IN (
                SELECT receipt_id FROM erased_people WHERE tenant = ?1 AND hash = ?2 AND readmitted = 0)
            """);
        return readmit.With(tenant.Id).With(Erasure.HashOf(tenant, person)).Run() > 0;
    }, cancellation);

    private async Task FinishAsync(Tenant tenant, string receiptId)
    {
        while (!await writer.WriteAsync(DeletedTogether, connection => DeleteSome(connection, tenant, receiptId), CancellationToken.None)) { }
        await deletedBytes.EmptyLogAsync();
    }

    private static bool Begin(Connection connection, Tenant tenant, Person[] people, string receiptId, DateTimeOffset at, Dictionary<string, long> deleted)
    {
        string[] hashes = [.. people.Select(person => Erasure.HashOf(tenant, person))];
        using Statement insert = connection.Use(
            "INSERT INTO erasures (tenant, receipt_id, at, deleted, people) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, receipt_id) DO NOTHING");
        insert.With(tenant.Id).With(receiptId).With(at).WithText(PlainJson.Write(deleted)).WithText(PlainJson.Write(people));
        if (insert.Run() == 0)
        {
            return HashesOf(connection, tenant, receiptId, readmitted: true).ToHashSet().SetEquals(hashes) ? false
                : throw new InvalidOperationException($"receipt {receiptId} is that of other people; every erasure has an id of its own.");
        }
        foreach (string hash in hashes)
        {
            using Statement add = connection.Use("INSERT INTO erased_people (tenant, receipt_id, hash) VALUES (?, ?, ?)");
            add.With(tenant.Id).With(receiptId).With(hash).Run();
        }
        return true;
    }

    /// <summary>True once there is nothing left, in the same transaction in which that was seen.</summary>
    private static bool DeleteSome(Connection connection, Tenant tenant, string receiptId)
    {
        Person[] people;
        Dictionary<string, long> deleted;
        using (Statement select = connection.Use("SELECT people, deleted FROM erasures WHERE tenant = ? AND receipt_id = ? AND people IS NOT NULL"))
        {
            if (!select.With(tenant.Id).With(receiptId).Step()) return true;
            people = PlainJson.Read<Person[]>(select.Utf8Text(0));
            deleted = PlainJson.Read<Dictionary<string, long>>(select.Utf8Text(1));
        }
        DeletedBytes.OweRewriting(connection);
        bool done = ErasedRows.Delete(connection, tenant, people, DeletedTogether, deleted);
        using Statement update = connection.Use(
            "UPDATE erasures SET deleted = ?, people = CASE WHEN ? THEN NULL ELSE people END WHERE tenant = ? AND receipt_id = ?");
        update.WithText(PlainJson.Write(deleted)).With(done ? 1 : 0).With(tenant.Id).With(receiptId).Run();
        return done;
    }

    private static List<string> HashesOf(Connection connection, Tenant tenant, string receiptId, bool readmitted)
    {
        using Statement select = connection.Use(
            "SELECT hash FROM erased_people WHERE tenant = ? AND receipt_id = ? AND readmitted <= ? ORDER BY rowid");
        return select.With(tenant.Id).With(receiptId).With(readmitted ? 1 : 0).ReadAll(row => row.Text(0));
    }

    private static Erasure Read(Connection connection, Tenant tenant, Statement row)
    {
        string receiptId = row.Text(0);
        return new(receiptId, row.Instant(1), HashesOf(connection, tenant, receiptId, readmitted: false),
            PlainJson.Read<Dictionary<string, long>>(row.Utf8Text(2)));
    }
}
