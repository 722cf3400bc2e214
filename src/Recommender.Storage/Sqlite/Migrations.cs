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

        // The relationship. An answer is JSON (AnswerJson), as are the sets of a customer; people are two columns, as in events.
        """
        ALTER TABLE events ADD COLUMN answer TEXT;
        ALTER TABLE events ADD COLUMN text TEXT;
        ALTER TABLE events ADD COLUMN is_gift INTEGER NOT NULL DEFAULT 0;

        -- What must not come back, known by the SHA-256 of its id alone, and where it was.
        CREATE TABLE forgotten_events (
            tenant TEXT NOT NULL, event_hash TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (tenant, event_hash)
        ) WITHOUT ROWID;

        ALTER TABLE items ADD COLUMN added_at INTEGER; -- empty: before anybody took note

        ALTER TABLE customers ADD COLUMN statements TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE customers ADD COLUMN dates TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE customers ADD COLUMN consents TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE customers ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

        CREATE TABLE settings (tenant TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (tenant, name)) WITHOUT ROWID;

        -- "made" is the revision that the link led to: the order of their making.
        CREATE TABLE identity_links (
            tenant TEXT NOT NULL, id TEXT NOT NULL, made INTEGER NOT NULL,
            from_kind INTEGER NOT NULL, from_id TEXT NOT NULL, customer_id TEXT NOT NULL, since INTEGER NOT NULL, source TEXT NOT NULL, ended_at INTEGER,
            PRIMARY KEY (tenant, id)
        );
        CREATE INDEX identity_links_by_from ON identity_links (tenant, from_kind, from_id, made);
        CREATE INDEX identity_links_by_customer ON identity_links (tenant, customer_id, made);
        CREATE TABLE identity_link_revisions (tenant TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE questionnaires (
            tenant TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, -- 0: the draft
            at INTEGER NOT NULL, definition TEXT NOT NULL,
            PRIMARY KEY (tenant, id, version)
        );

        CREATE TABLE questionnaire_sessions (
            tenant TEXT NOT NULL, id TEXT NOT NULL, questionnaire_id TEXT NOT NULL, version INTEGER NOT NULL,
            person_kind INTEGER NOT NULL, person_id TEXT NOT NULL, language TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
            PRIMARY KEY (tenant, id)
        );
        CREATE INDEX questionnaire_sessions_by_person ON questionnaire_sessions (tenant, person_kind, person_id, started_at);

        CREATE TABLE contacts (
            tenant TEXT NOT NULL, id TEXT NOT NULL, person_kind INTEGER NOT NULL, person_id TEXT NOT NULL,
            channel TEXT NOT NULL, purpose TEXT NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, -- 0 reserved, 1 confirmed, 2 cancelled
            expires_at INTEGER, scenario TEXT NOT NULL, item_ids TEXT NOT NULL,
            PRIMARY KEY (tenant, id)
        );
        CREATE INDEX contacts_by_person ON contacts (tenant, person_kind, person_id, at);

        CREATE TABLE life_cycle_states (
            tenant TEXT NOT NULL, customer_id TEXT NOT NULL, stage TEXT NOT NULL, since INTEGER NOT NULL, reason TEXT NOT NULL, due_at INTEGER,
            worth REAL NOT NULL, summary TEXT NOT NULL,
            PRIMARY KEY (tenant, customer_id)
        );
        CREATE INDEX life_cycle_states_by_stage ON life_cycle_states (tenant, stage, worth DESC, customer_id);
        CREATE INDEX life_cycle_states_by_due_at ON life_cycle_states (tenant, due_at, customer_id) WHERE due_at IS NOT NULL;
        CREATE TABLE life_cycle_transitions (
            tenant TEXT NOT NULL, customer_id TEXT NOT NULL, at INTEGER NOT NULL, from_stage TEXT NOT NULL, to_stage TEXT NOT NULL,
            reason TEXT NOT NULL,
            UNIQUE (tenant, customer_id, at, from_stage, to_stage)
        );

        -- "people" holds their ids while an erasure goes on, so that it can be taken up again; a receipt has none.
        CREATE TABLE erasures (
            tenant TEXT NOT NULL, receipt_id TEXT NOT NULL, at INTEGER NOT NULL, deleted TEXT NOT NULL, people TEXT, PRIMARY KEY (tenant, receipt_id)
        );
        CREATE TABLE erased_people (
            tenant TEXT NOT NULL, receipt_id TEXT NOT NULL, hash TEXT NOT NULL, readmitted INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, receipt_id, hash)
        );
        CREATE INDEX erased_people_by_hash ON erased_people (tenant, hash);

        -- One row where the file is to be rewritten, so that nothing of what was deleted is left in it.
        CREATE TABLE rewriting (owed INTEGER NOT NULL);

        CREATE INDEX recommendations_by_person ON recommendations (tenant, person_kind, person_id, served_at);
        """,

        // Nothing but a number: earlier programs cannot read what was shown as it is written from here on (ServedItemsJson).
        "-- names are written once",
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
