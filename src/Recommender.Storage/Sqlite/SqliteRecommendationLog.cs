using System.Buffers;
using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Ranking;

namespace Recommender.Storage.Sqlite;

/// <summary>Written through the same queue as events: it shares their fsync instead of needing one.</summary>
internal sealed class SqliteRecommendationLog(Writer writer, Readers readers) : IRecommendationLog
{
    // Forgetting a year in one transaction would hold up every event behind it.
    private const int ForgottenTogether = 1000;

    // Few, so that who waits for the core has it soon.
    private const int RowsBetweenYields = 8;

    public const string Columns = "id, served_at, person_kind, person_id, scenario, served_by, model_version, items";

    public const string OfPerson = $"""
        SELECT {Columns} FROM recommendations INDEXED BY recommendations_by_person
        WHERE tenant = ? AND person_kind = ? AND person_id = ? AND served_at >= ? ORDER BY served_at DESC, rowid DESC LIMIT ?
        """;

    // The texts of one writing after the other, as long as these do not overlap: half a megabyte that need not be collected many times a
    // second.
    private ArrayBufferWriter<byte>? _spare;

    public async Task AppendAsync(Tenant tenant, IReadOnlyList<ServedRecommendation> served, CancellationToken cancellation)
    {
        for (int i = 0; i < served.Count; i++) Storable.RequireId(served[i].RecommendationId, "recommendation", i);
        var buffer = Interlocked.Exchange(ref _spare, null) ?? new ArrayBufferWriter<byte>();
        Range[] items = ServedItemsJson.Write(served, buffer);
        await writer.WriteAsync(items.Length, connection =>
        {
            for (int i = 0; i < items.Length; i++)
            {
                Insert(connection, tenant, served[i], buffer.WrittenSpan[items[i]]);
                // Requests may wait for this core, and none of them for this. Its price: what shares the transaction, an event that is
                // acknowledged with it or a batch that notes its answers, waits as long as those who get the core.
                if (i % RowsBetweenYields == RowsBetweenYields - 1) Thread.Yield();
            }
            return items.Length;
        }, cancellation);
        // Only here: when a caller has given up, the writer may be reading it still.
        buffer.ResetWrittenCount();
        _spare = buffer;
    }

    public Task<ServedRecommendation?> FindAsync(Tenant tenant, string recommendationId, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection =>
        {
            using Statement select = connection.Use($"SELECT {Columns} FROM recommendations WHERE tenant = ? AND id = ?");
            return select.With(tenant.Id).With(recommendationId).Step() ? ReadServed(select) : null;
        }, cancellation));

    public Task<IReadOnlyList<ServedRecommendation>> ReadPersonAsync(
        Tenant tenant, Person person, DateTimeOffset since, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return Task.FromResult<IReadOnlyList<ServedRecommendation>>(readers.Read(connection =>
        {
            using Statement select = connection.Use(OfPerson);
            return select.With(tenant.Id).With(person).With(since).With(limit).ReadAll(ReadServed);
        }, cancellation));
    }

    public async Task<int> ForgetAsync(Tenant tenant, IReadOnlyList<string> recommendationIds, CancellationToken cancellation)
    {
        int forgotten = 0;
        foreach (string[] together in recommendationIds.Chunk(ForgottenTogether))
        {
            forgotten += await writer.WriteAsync(together.Length, connection =>
            {
                DeletedBytes.OweRewriting(connection);
                int deleted = 0;
                foreach (string id in together)
                {
                    using Statement delete = connection.Use("DELETE FROM recommendations WHERE tenant = ? AND id = ?");
                    deleted += delete.With(tenant.Id).With(id).Run();
                }
                return deleted;
            }, cancellation);
        }
        return forgotten;
    }

    public async Task<long> ForgetBeforeAsync(Tenant tenant, DateTimeOffset moment, CancellationToken cancellation)
    {
        long forgotten = 0;
        int deleted;
        do
        {
            deleted = await writer.WriteAsync(ForgottenTogether, connection =>
            {
                using Statement delete = connection.Use("""
                    DELETE FROM recommendations
                    WHERE rowid IN (SELECT rowid FROM recommendations WHERE tenant = ? AND served_at < ? ORDER BY served_at LIMIT ?)
                    """);
                return delete.With(tenant.Id).With(moment).With(ForgottenTogether).Run();
            }, cancellation);
            forgotten += deleted;
        }
        while (deleted == ForgottenTogether);
        return forgotten;
    }

    public static void Insert(Connection connection, Tenant tenant, ServedRecommendation served, ReadOnlySpan<byte> items)
    {
        using Statement insert = connection.Use("""
            INSERT INTO recommendations (tenant, id, served_at, person_kind, person_id, scenario, served_by, model_version, items)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING
            """);
        insert.With(tenant.Id).With(served.RecommendationId).With(served.ServedAt)
            .With((long?)served.Person?.Kind).With(served.Person?.Id)
            .With(served.Scenario).With(served.ServedBy).With(served.ModelVersion).WithText(items).Run();
    }

    public static ServedRecommendation ReadServed(Statement row) => new(
        row.Text(0), row.Instant(1), row.IsNull(2) ? null : row.Person(2), row.Text(4), row.Text(5), row.Text(6),
        ReadItems(row));

    private static ImmutableArray<ServedItem> ReadItems(Statement row)
    {
        try
        {
            return ServedItemsJson.Read(row.Utf8Text(7));
        }
        catch (InvalidDataException problem)
        {
            throw new StoreCorruptException($"Recommendation {row.Text(0)}: its items cannot be read. {problem.Message} "
                + "Restore a backup, or delete this row of the table recommendations.", problem);
        }
    }
}
