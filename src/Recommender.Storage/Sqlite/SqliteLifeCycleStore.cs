namespace Recommender.Storage.Sqlite;

internal sealed class SqliteLifeCycleStore(Writer writer, Readers readers) : ILifeCycleStore
{
    // A million states in one transaction would hold up every event behind it.
    private const int ClearedTogether = 4096;

    private const string Columns = "customer_id, stage, since, reason, due_at, position, summary";
    private const string Everybody = $"SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND customer_id > ? ORDER BY customer_id LIMIT ?";
    public const string InStage =
        $"SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND stage = ? AND customer_id > ? ORDER BY customer_id LIMIT ?";

    public const string DueBy = $"SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND due_at <= ? ORDER BY due_at, customer_id LIMIT ?";

    public Task SaveAsync(
        Tenant tenant, IReadOnlyList<CustomerState> states, IReadOnlyList<CustomerTransition> transitions, CancellationToken cancellation)
    {
        for (int i = 0; i < states.Count; i++) Check(states[i], i);
        for (int i = 0; i < transitions.Count; i++) Check(transitions[i], i);
        return writer.WriteAsync(states.Count + transitions.Count, connection =>
        {
            foreach (CustomerState state in states) Write(connection, tenant, state);
            foreach (CustomerTransition transition in transitions) Append(connection, tenant, transition);
            return states.Count;
        }, cancellation);
    }

    public Task<CustomerState?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection =>
        {
            using Statement select = connection.Use($"SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND customer_id = ?");
            return select.With(tenant.Id).With(customerId).Step() ? Read(select) : null;
        }, cancellation));

    public Task<IReadOnlyList<CustomerTransition>> TransitionsAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CustomerTransition>>(readers.Read(connection =>
        {
            using Statement select = connection.Use("""
                SELECT customer_id, from_stage, to_stage, at, reason FROM life_cycle_transitions WHERE tenant = ? AND customer_id = ? ORDER BY at, rowid
                """);
            return select.With(tenant.Id).With(customerId)
                .ReadAll(row => new CustomerTransition(row.Text(0), row.Text(1), row.Text(2), row.Instant(3), row.Text(4)));
        }, cancellation));

    public Task<IReadOnlyList<CustomerState>> ListAsync(
        Tenant tenant, string? stage, string? afterId, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ScanAsync<IReadOnlyList<CustomerState>>(connection =>
        {
            using Statement select = connection.Use(stage is null ? Everybody : InStage);
            select.With(tenant.Id);
            if (stage is not null) select.With(stage);
            return select.With(afterId ?? "").With(limit).ReadAll(Read);
        }, cancellation);
    }

    public Task<IReadOnlyList<CustomerState>> DueAsync(Tenant tenant, DateTimeOffset by, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ScanAsync<IReadOnlyList<CustomerState>>(connection =>
        {
            using Statement select = connection.Use(DueBy);
            return select.With(tenant.Id).With(by).With(limit).ReadAll(Read);
        }, cancellation);
    }

    public Task<IReadOnlyDictionary<string, long>> CountAsync(Tenant tenant, CancellationToken cancellation) =>
        readers.ScanAsync<IReadOnlyDictionary<string, long>>(connection =>
        {
            using Statement count = connection.Use("SELECT stage, COUNT(*) FROM life_cycle_states WHERE tenant = ? GROUP BY stage");
            return count.With(tenant.Id).ReadAll(row => KeyValuePair.Create(row.Text(0), row.Long(1))).ToDictionary();
        }, cancellation);

    public async Task ClearStatesAsync(Tenant tenant, CancellationToken cancellation)
    {
        int cleared;
        do
        {
            cleared = await writer.WriteAsync(ClearedTogether, connection =>
            {
                using Statement delete = connection.Use(
                    "DELETE FROM life_cycle_states WHERE rowid IN (SELECT rowid FROM life_cycle_states WHERE tenant = ? LIMIT ?)");
                return delete.With(tenant.Id).With(ClearedTogether).Run();
            }, cancellation);
        }
        while (cleared == ClearedTogether);
    }

    private static void Check(CustomerState state, int index)
    {
        const string Owner = "state of the customer";
        Storable.RequireId(state.CustomerId, Owner, index);
        Storable.RequireNotEmpty(state.Stage, Owner, state.CustomerId, "stage");
        Storable.RequireNotNull(state.Reason, Owner, state.CustomerId, "reason");
        Storable.RequireNotNull(state.Summary, Owner, state.CustomerId, "summary");
    }

    private static void Check(CustomerTransition transition, int index)
    {
        const string Owner = "transition of the customer";
        Storable.RequireId(transition.CustomerId, Owner, index);
        Storable.RequireNotNull(transition.From, Owner, transition.CustomerId, "from");
        Storable.RequireNotEmpty(transition.To, Owner, transition.CustomerId, "to");
        Storable.RequireNotNull(transition.Reason, Owner, transition.CustomerId, "reason");
    }

    private static void Write(Connection connection, Tenant tenant, CustomerState state)
    {
        using Statement upsert = connection.Use($"""
            INSERT INTO life_cycle_states ({Columns}, tenant) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, customer_id) DO UPDATE SET stage = excluded.stage, since = excluded.since, reason = excluded.reason,
                due_at = excluded.due_at, position = excluded.position, summary = excluded.summary
            """);
        upsert.With(state.CustomerId).With(state.Stage).With(state.Since).With(state.Reason).With(state.DueAt).With(state.Position);
        upsert.With(state.Summary).With(tenant.Id).Run();
    }

    private static void Append(Connection connection, Tenant tenant, CustomerTransition transition)
    {
        using Statement insert = connection.Use("""
            INSERT INTO life_cycle_transitions (tenant, customer_id, from_stage, to_stage, at, reason) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, customer_id, at, from_stage, to_stage) DO NOTHING
            """);
        insert.With(tenant.Id).With(transition.CustomerId).With(transition.From).With(transition.To);
        insert.With(transition.At).With(transition.Reason).Run();
    }

    private static CustomerState Read(Statement row) =>
        new(row.Text(0), row.Text(1), row.Instant(2), row.Text(3), row.InstantOrNull(4), row.Long(5), row.Text(6));
}
