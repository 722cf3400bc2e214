using System.Globalization;
using System.Text.Json;
using Recommender.Ranking;

namespace Recommender.Storage.Sqlite;

/// <summary>Rows as the records they hold. The place of a page is the key of its last row; what is few comes as one page.</summary>
internal static class RecordReading
{
    private const int PageLength = 2_000;

    public static RecordPage Page(Connection connection, Tenant tenant, RecordKind kind, string? after) => kind switch
    {
        RecordKind.Item => ById(connection, tenant, "items", SqliteItemStore.Columns, after, row => new ShopRecord.OfItem(SqliteItemStore.Read(row))),
        RecordKind.Customer => ById(connection, tenant, "customers", SqliteCustomerStore.Columns, after,
            row => new ShopRecord.OfCustomer(SqliteCustomerStore.Read(row))),
        RecordKind.Session => ById(connection, tenant, "questionnaire_sessions", SqliteQuestionnaireSessions.Columns, after,
            row => new ShopRecord.OfSession(SqliteQuestionnaireSessions.Read(row))),
        RecordKind.Contact => ById(connection, tenant, "contacts", SqliteContactLedger.Columns, after,
            row => new ShopRecord.OfContact(SqliteContactLedger.Read(row))),
        RecordKind.ForgottenEvent => ByText(connection, tenant, "event_hash", "forgotten_events", "event_hash, position", after,
            row => new ShopRecord.OfForgottenEvent(row.Text(0), row.Long(1))),
        RecordKind.Event => ByNumber(connection, tenant, "position", "events", EventRow.Columns, after, row => row.Long(0),
            row => new ShopRecord.OfEvent(EventRow.Read(row))),
        RecordKind.Link => ByNumber(connection, tenant, "made", "identity_links", $"{SqliteIdentityLinks.Columns}, made", after, row => row.Long(7),
            row => new ShopRecord.OfLink(SqliteIdentityLinks.Read(row), row.Long(7))),
        RecordKind.Recommendation => Recommendations(connection, tenant, after),
        RecordKind.Stage => Stages(connection, tenant, after ?? ""),
        RecordKind.Questionnaire => All(connection, tenant, "SELECT id, version, at, definition FROM questionnaires WHERE tenant = ? ORDER BY id, version",
            row => new ShopRecord.OfQuestionnaire(new(row.Text(0), (int)row.Long(1), row.Instant(2), row.Text(3)))),
        RecordKind.Scenario => All(connection, tenant, "SELECT definition FROM scenarios WHERE tenant = ? ORDER BY id",
            row => new ShopRecord.OfScenario(JsonSerializer.Deserialize<Scenario>(row.Utf8Text(0), SqliteScenarioStore.Json)!)),
        RecordKind.Setting => All(connection, tenant, "SELECT name, value FROM settings WHERE tenant = ? ORDER BY name",
            row => new ShopRecord.OfSetting(row.Text(0), row.Text(1))),
        RecordKind.Checkpoint => All(connection, tenant, "SELECT name, value FROM checkpoints WHERE tenant = ? ORDER BY name",
            row => new ShopRecord.OfCheckpoint(row.Text(0), row.Text(1))),
        RecordKind.Model => All(connection, tenant, "SELECT id, trained_at, events_up_to, card FROM models WHERE tenant = ? ORDER BY id",
            row => new ShopRecord.OfModel(new(row.Text(0), row.Instant(1), row.Long(2), row.Text(3)))),
        RecordKind.Publication => All(connection, tenant,
            "SELECT sequence, model_id, published_at, reason FROM publications WHERE tenant = ? ORDER BY sequence",
            row => new ShopRecord.OfPublication(row.Long(0), new(row.Text(1), row.Instant(2), row.Text(3)))),
        RecordKind.Erasure => All(connection, tenant,
            "SELECT receipt_id, at, deleted FROM erasures WHERE tenant = ? AND people IS NULL ORDER BY at, rowid", row => Erasure(connection, tenant, row)),
        RecordKind.Counters => new RecordPage([Counters(connection, tenant)], null),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of record"),
    };

    private static RecordPage All(Connection connection, Tenant tenant, string sql, Func<Statement, ShopRecord> read)
    {
        using Statement select = connection.Use(sql);
        return new RecordPage(select.With(tenant.Id).ReadAll(read), null);
    }

    private static RecordPage ById(
        Connection connection, Tenant tenant, string table, string columns, string? after, Func<Statement, ShopRecord> read) =>
        ByText(connection, tenant, "id", table, columns, after, read);

    // The key is the first column; none is empty, so that all come after the empty one.
    private static RecordPage ByText(
        Connection connection, Tenant tenant, string key, string table, string columns, string? after, Func<Statement, ShopRecord> read)
    {
        using Statement select = connection.Use($"SELECT {columns} FROM {table} WHERE tenant = ? AND {key} > ? ORDER BY {key} LIMIT ?");
        return PageOf(select.With(tenant.Id).With(after ?? "").With(PageLength), row => (read(row), row.Text(0)));
    }

    private static RecordPage ByNumber(
        Connection connection, Tenant tenant, string key, string table, string columns, string? after, Func<Statement, long> place, Func<Statement, ShopRecord> read)
    {
        using Statement select = connection.Use($"SELECT {columns} FROM {table} WHERE tenant = ? AND {key} > ? ORDER BY {key} LIMIT ?");
        return PageOf(select.With(tenant.Id).With(after is null ? 0 : long.Parse(after, CultureInfo.InvariantCulture)).With(PageLength),
            row => (read(row), place(row).ToString(CultureInfo.InvariantCulture)));
    }

    private static RecordPage Recommendations(Connection connection, Tenant tenant, string? after)
    {
        int slash = after?.IndexOf('/', StringComparison.Ordinal) ?? 0;
        long servedAt = after is null ? long.MinValue : long.Parse(after.AsSpan(0, slash), CultureInfo.InvariantCulture);
        using Statement select = connection.Use($"""
            SELECT {SqliteRecommendationLog.Columns} FROM recommendations INDEXED BY recommendations_by_age
            WHERE tenant = ? AND served_at >= ? AND (served_at > ? OR id > ?) ORDER BY served_at, id LIMIT ?
            """);
        return PageOf(select.With(tenant.Id).With(servedAt).With(servedAt).With(after is null ? "" : after[(slash + 1)..]).With(PageLength),
            row => (new ShopRecord.OfRecommendation(SqliteRecommendationLog.ReadServed(row)),
                string.Create(CultureInfo.InvariantCulture, $"{row.Long(1)}/{row.Text(0)}")));
    }

    private static RecordPage Stages(Connection connection, Tenant tenant, string after)
    {
        using Statement select = connection.Use("""
            SELECT customer_id FROM life_cycle_states WHERE tenant = ?1 AND customer_id > ?2
            UNION SELECT customer_id FROM life_cycle_transitions WHERE tenant = ?1 AND customer_id > ?2 ORDER BY 1 LIMIT ?3
            """);
        return PageOf(select.With(tenant.Id).With(after).With(PageLength), row =>
        {
            string id = row.Text(0);
            return (new ShopRecord.OfStage(
                new(id, SqliteLifeCycleStore.State(connection, tenant, id), SqliteLifeCycleStore.Transitions(connection, tenant, id))), id);
        });
    }

    private static ShopRecord.OfErasure Erasure(Connection connection, Tenant tenant, Statement row)
    {
        string receiptId = row.Text(0);
        using Statement people = connection.Use("SELECT hash, readmitted FROM erased_people WHERE tenant = ? AND receipt_id = ? ORDER BY rowid");
        return new(receiptId, row.Instant(1), PlainJson.Read<Dictionary<string, long>>(row.Utf8Text(2)),
            people.With(tenant.Id).With(receiptId).ReadAll(one => new ErasedPerson(one.Text(0), one.Long(1) != 0)));
    }

    private static ShopRecord.OfCounters Counters(Connection connection, Tenant tenant)
    {
        using Statement last = connection.Use("SELECT last FROM event_positions WHERE tenant = ?");
        return new(last.With(tenant.Id).Step() ? last.Long(0) : 0, SqliteIdentityLinks.Revision(connection, tenant));
    }

    private static RecordPage PageOf(Statement select, Func<Statement, (ShopRecord Record, string Place)> read)
    {
        var rows = select.ReadAll(read);
        return new RecordPage(rows.ConvertAll(row => row.Record), rows.Count == PageLength ? rows[^1].Place : null);
    }
}
