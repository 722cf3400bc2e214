namespace Recommender.Storage.Sqlite;

/// <summary>
/// The schema, as the steps that lead to it. A step is never edited once released: a change is a new step at the end. The number of steps a
/// file has seen is its <c>user_version</c>; each runs in a transaction of its own, so that an interrupted upgrade goes on where it stopped.
/// </summary>
internal static class Migrations
{
    /// <summary>"RCSD": marks a file as a shop's database.</summary>
    public const int ApplicationId = 0x52435344;

    public static readonly IReadOnlyList<string> All =
    [
        // Every key starts with the tenant. Instants are 100 ns since 1970 (UTC), prices decimal text, attributes and lists JSON.
        """
        -- Clustered by (tenant, position): reading the log is one range of the table, whoever else is in the file.
        CREATE TABLE events (
            tenant            TEXT    NOT NULL,
            position          INTEGER NOT NULL,
            event_id          TEXT    NOT NULL,
            type              TEXT    NOT NULL,
            person_kind       INTEGER NOT NULL, -- 0 customer, 1 visitor
            person_id         TEXT    NOT NULL,
            item_id           TEXT,
            quantity          REAL    NOT NULL,
            price             TEXT,
            currency          TEXT,
            rating            REAL,
            channel           TEXT,
            order_id          TEXT,
            occurred_at       INTEGER NOT NULL,
            recommendation_id TEXT,
            undoes_event_id   TEXT,
            PRIMARY KEY (tenant, position)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX events_by_id ON events (tenant, event_id);
        CREATE INDEX events_by_person ON events (tenant, person_kind, person_id, position);

        -- The last position given out: it is not used again, whatever becomes of the event.
        CREATE TABLE event_positions (tenant TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE items (tenant TEXT NOT NULL, id TEXT NOT NULL, available INTEGER NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (tenant, id));

        CREATE TABLE customers (tenant TEXT NOT NULL, id TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (tenant, id));

        CREATE TABLE scenarios (tenant TEXT NOT NULL, id TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (tenant, id));

        CREATE TABLE models (
            tenant TEXT NOT NULL, id TEXT NOT NULL, trained_at INTEGER NOT NULL, events_up_to INTEGER NOT NULL, card TEXT NOT NULL,
            PRIMARY KEY (tenant, id)
        );

        -- Ordered by sequence, not by clock: the last one written is live.
        CREATE TABLE publications (
            tenant TEXT NOT NULL, sequence INTEGER NOT NULL, model_id TEXT NOT NULL, published_at INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (tenant, sequence)
        ) WITHOUT ROWID;

        CREATE TABLE recommendations (
            tenant TEXT NOT NULL, id TEXT NOT NULL, served_at INTEGER NOT NULL, person_kind INTEGER, person_id TEXT, scenario TEXT NOT NULL,
            served_by TEXT NOT NULL, model_version TEXT NOT NULL, items TEXT NOT NULL,
            PRIMARY KEY (tenant, id)
        );
        CREATE INDEX recommendations_by_age ON recommendations (tenant, served_at);

        CREATE TABLE checkpoints (tenant TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (tenant, name)) WITHOUT ROWID;
        """,
    ];

    /// <exception cref="StoreTooNewException">The file has seen more steps than there are here.</exception>
    /// <exception cref="StoreCorruptException">The file is a database of something else.</exception>
    public static void Apply(Connection connection, string file, IReadOnlyList<string> steps)
    {
        long version = connection.ReadPragma("user_version");
        if (connection.ReadPragma("application_id") != ApplicationId && !IsEmpty(connection))
            throw new StoreCorruptException($"{file} is a SQLite database, but not a shop's. Give another data folder, or move the file away.");
        if (version > steps.Count)
        {
            throw new StoreTooNewException($"{file} has schema version {version} and this program knows versions up to {steps.Count}: it was written by "
                + "a newer version. Run that version, or restore a backup made before the upgrade.");
        }
        for (int step = (int)version; step < steps.Count; step++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                connection.Execute(steps[step]);
                connection.SetPragma("application_id", ApplicationId);
                connection.SetPragma("user_version", step + 1);
                connection.Execute("COMMIT");
            }
            catch (StoreException)
            {
                if (connection.InTransaction) connection.Execute("ROLLBACK");
                throw;
            }
        }
    }

    private static bool IsEmpty(Connection connection)
    {
        using Statement tables = connection.Use("SELECT 1 FROM sqlite_schema LIMIT 1");
        return !tables.Step();
    }
}
