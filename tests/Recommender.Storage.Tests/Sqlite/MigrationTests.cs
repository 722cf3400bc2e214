using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Storage.Sqlite;
using Recommender.Storage.Tests.Contracts;
using Statement = Recommender.Storage.Sqlite.Statement;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class MigrationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shop_of_version_1_is_brought_forward_and_keeps_everything()
    {
        await using var engine = new SqliteEngine();
        using (Connection first = SqliteShopStore.OpenForWriting(engine.File, [Migrations.All[0]]))
        {
            Assert.Equal(1, first.ReadPragma("user_version"));
            first.Execute("""
                INSERT INTO events (tenant, position, event_id, type, person_kind, person_id, item_id, quantity, price, occurred_at)
                VALUES ('default', 7, 'old', 'view', 0, 'ann', 'book-1', 1, NULL, 17734896000000000);
                INSERT INTO event_positions VALUES ('default', 9);
                INSERT INTO scenarios VALUES ('default', 'cart', '{"id":"cart","strategy":"Similar","filter":"","defaultCount":25}');
                INSERT INTO customers VALUES ('default', 'ann', '{"city":"Umeå"}');
                INSERT INTO recommendations VALUES ('default', 'rec', 17734896000000000, 0, 'ann', 'home', 'popular', 'm',
                    '[{"itemId":"book-1","score":1,"source":"popular","reasons":[{"kind":"popular","itemId":"","share":1}]}]');
                INSERT INTO items VALUES ('default', 'book-1', 0, '{"released":{"instant":"2026-03-14T12:00:00.0000000+00:00"},"tags":["crime"]}');
                """);
        }
        // A step that today's program does not have yet.
        using (Connection later = SqliteShopStore.OpenForWriting(engine.File, [.. Migrations.All, "ALTER TABLE events ADD COLUMN device TEXT"]))
        {
            Assert.Equal(Migrations.All.Count + 1, later.ReadPragma("user_version"));
            using Statement select = later.Use("SELECT event_id, device FROM events");
            Assert.True(select.Step() && select.Text(0) == "old" && select.IsNull(1));
            later.SetPragma("user_version", Migrations.All.Count);
        }

        await using IShopStore store = await engine.OpenAsync(Stop);
        Assert.Equal(new StoredEvent(7, Events.View("old")), Assert.Single(await store.Events.ReadAllAsync(Tenant.Default)));
        Assert.Equal(10, (await store.Events.AppendAsync(Tenant.Default, [Events.View("new")], Stop))[0].Position);
        Customer? ann = await store.Customers.FindAsync(Tenant.Default, "ann", Stop);
        Assert.Equal((1, 1, 0, 0, 0), (ann!.Revision, ann.Attributes.Count, ann.Statements.Count, ann.Dates.Count, ann.Consents.Length));
        Assert.True(await store.Customers.TryUpdateAsync(Tenant.Default, ann with { Dates = ann.Dates.Add("birthday", new(1980, 1, 31)) }, Stop));
        ServedRecommendation rec = Assert.Single(
            await store.Recommendations.ReadPersonAsync(Tenant.Default, Person.Customer("ann"), default, 10, Stop));
        ServedItem shown = Assert.Single(rec.Items);
        Assert.Equal(("rec", "book-1", 1f, "popular"), (rec.RecommendationId, shown.ItemId, shown.Score, shown.Source));
        Assert.Equal(new ServedReason("popular", "", 1), Assert.Single(shown.Reasons));
        Assert.Equal(25, (await store.Scenarios.ListAsync(Tenant.Default, Stop))[0].DefaultCount);
        Assert.Equal(["released", "tags"], (await store.Items.FindAsync(Tenant.Default, "book-1", Stop))!.Attributes.Keys);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_version_before_it()
    {
        await using var engine = new SqliteEngine();
        Assert.Throws<StoreException>(() => SqliteShopStore.OpenForWriting(
            engine.File, [.. Migrations.All, "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)"]));
        using Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All);
        using Statement tables = connection.Use("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'half'");
        Assert.True(tables.Step() && tables.Long(0) == 0);
    }

    [Fact]
    public async Task A_shop_written_by_a_newer_version_is_refused_and_left_alone()
    {
        await using var engine = new SqliteEngine();
        using (Connection newer = SqliteShopStore.OpenForWriting(engine.File, [.. Migrations.All, "CREATE TABLE future (a)"])) { }
        StoreTooNewException refusal = await Assert.ThrowsAsync<StoreTooNewException>(() => engine.OpenAsync(Stop));
        Assert.Contains(engine.File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"version {Migrations.All.Count + 1}", refusal.Message, StringComparison.Ordinal);
        using Connection connection = Connection.Open(engine.File);
        Assert.Equal(Migrations.All.Count + 1, connection.ReadPragma("user_version"));
    }

    [Fact]
    public async Task Acknowledged_means_flushed_the_writer_runs_with_a_log_and_full_synchrony()
    {
        await using var engine = new SqliteEngine();
        using Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All);
        Assert.Equal(2, connection.ReadPragma("synchronous"));
        using Statement mode = connection.Use("PRAGMA journal_mode");
        Assert.True(mode.Step());
        Assert.Equal("wal", mode.Text(0));
    }

    [Fact]
    public async Task Every_key_and_every_index_starts_with_the_tenant()
    {
        await using var engine = new SqliteEngine();
        using Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All);
        using Statement firstColumns = connection.Use("""
            SELECT tables.name, indexes.name, columns.name
            FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS indexes, pragma_index_info(indexes.name) AS columns
            WHERE tables.type = 'table' AND columns.seqno = 0
            """);
        int indexes = 0;
        for (; firstColumns.Step(); indexes++) Assert.True(firstColumns.Text(2) == "tenant", $"{firstColumns.Text(0)}, {firstColumns.Text(1)}");
        Assert.True(indexes >= 12);
    }

    public static readonly TheoryData<string, string> Searches = new()
    {
        { SqliteEventLog.OfPerson, "events USING INDEX events_by_person (tenant=? AND person_kind=? AND person_id=?)" },
        { SqliteRecommendationLog.OfPerson, "recommendations USING INDEX recommendations_by_person (tenant=? AND person_kind=? AND person_id=? AND served_at>?)" },
        { SqliteIdentityLinks.FromPerson, "identity_links USING INDEX identity_links_by_from (tenant=? AND from_kind=? AND from_id=?)" },
        { SqliteIdentityLinks.ToCustomer, "identity_links USING INDEX identity_links_by_customer (tenant=? AND customer_id=?)" },
        { SqliteQuestionnaireSessions.OfPerson, "questionnaire_sessions USING INDEX questionnaire_sessions_by_person (tenant=? AND person_kind=? AND person_id=?)" },
        { SqliteContactLedger.OfPerson, "contacts USING INDEX contacts_by_person (tenant=? AND person_kind=? AND person_id=? AND at>?)" },
        { SqliteLifeCycleStore.InStage, "life_cycle_states USING INDEX life_cycle_states_by_stage (tenant=? AND stage=? AND worth<?)" },
        { SqliteLifeCycleStore.DueBy, "life_cycle_states USING INDEX life_cycle_states_by_due_at (tenant=? AND due_at<?)" },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task What_is_asked_often_is_one_search_of_an_index(string sql, string plan)
    {
        await using var engine = new SqliteEngine();
        using Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All);
        using Statement explained = connection.Use($"EXPLAIN QUERY PLAN {sql}");
        Assert.True(explained.Step());
        Assert.Equal($"SEARCH {plan}", explained.Text(3));
        Assert.False(explained.Step(), "no sort besides");
    }

    [Fact]
    public async Task No_erasure_walks_through_a_whole_table()
    {
        await using var engine = new SqliteEngine();
        using Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All);
        foreach (string delete in ErasedRows.Deletes)
        {
            using Statement explained = connection.Use($"EXPLAIN QUERY PLAN {delete}");
            while (explained.Step()) Assert.DoesNotContain("SCAN", explained.Text(3), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_erasure_knows_every_table_that_has_people_in_it()
    {
        await using var engine = new SqliteEngine();
        using Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All);
        using Statement tables = connection.Use("""
            SELECT DISTINCT tables.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
            WHERE tables.type = 'table' AND columns.name IN ('person_id', 'customer_id', 'from_id')
            """);
        List<string> peopled = tables.ReadAll(row => row.Text(0));
        Assert.True(peopled.Count >= 7);
        Assert.All(peopled, table => Assert.Contains(ErasedRows.Deletes, delete => delete.Contains($"DELETE FROM {table} ", StringComparison.Ordinal)));
    }
}
