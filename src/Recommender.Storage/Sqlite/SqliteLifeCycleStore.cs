namespace Recommender.Storage.Sqlite;

internal sealed class SqliteLifeCycleStore(Writer writer, Readers readers) : ILifeCycleStore
{
    private const string Columns = "customer_id, stage, since, reason, due_at, worth, summary";
    private const string Everybody = $"SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND customer_id > ? ORDER BY customer_id LIMIT ?";
    public const string InStage = $"""
        SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND stage = ? AND worth <= ? AND (worth < ? OR customer_id > ?)
        ORDER BY worth DESC, customer_id LIMIT ?
        """;
    public const string DueBy = $"SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND due_at <= ? ORDER BY due_at, customer_id LIMIT ?";

    public Task SaveAsync(Tenant tenant, IReadOnlyList<CustomerHistory> customers, CancellationToken cancellation)
    {
        for (int i = 0; i < customers.Count; i++) StorablePeople.Check(customers[i], i);
        return writer.WriteAsync(customers.Sum(customer => 2 + customer.Transitions.Count), connection =>
        {
            foreach (CustomerHistory customer in customers) Write(connection, tenant, customer);
            return customers.Count;
        }, cancellation);
    }

    public Task<CustomerState?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection => State(connection, tenant, customerId), cancellation));

    public Task<IReadOnlyList<CustomerTransition>> TransitionsAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection => Transitions(connection, tenant, customerId), cancellation));

    public Task<IReadOnlyList<CustomerState>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ScanAsync<IReadOnlyList<CustomerState>>(connection =>
        {
            using Statement select = connection.Use(Everybody);
            return select.With(tenant.Id).With(afterId ?? "").With(limit).ReadAll(Read);
        }, cancellation);
    }

    public Task<IReadOnlyList<CustomerState>> ListStageAsync(Tenant tenant, string stage, WorthPlace? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        WorthPlace place = after ?? new WorthPlace(double.MaxValue, "");
        return readers.ScanAsync<IReadOnlyList<CustomerState>>(connection =>
        {
            using Statement select = connection.Use(InStage);
            return select.With(tenant.Id).With(stage).With(place.Worth).With(place.Worth).With(place.CustomerId).With(limit).ReadAll(Read);
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
            return count.With(tenant.Id).ReadAll(row => (Stage: row.Text(0), Customers: row.Long(1))).ToDictionary(row => row.Stage, row => row.Customers);
        }, cancellation);

    /// <summary>In the place of all that was kept of the customer.</summary>
    public static void Write(Connection connection, Tenant tenant, CustomerHistory customer)
    {
        using (Statement forget = connection.Use("DELETE FROM life_cycle_transitions WHERE tenant = ? AND customer_id = ?"))
            forget.With(tenant.Id).With(customer.CustomerId).Run();
        if (customer.State is null) Forget(connection, tenant, customer.CustomerId);
        else Write(connection, tenant, customer.State);
        foreach (CustomerTransition transition in customer.Transitions) Append(connection, tenant, customer.CustomerId, transition);
    }

    public static CustomerState? State(Connection connection, Tenant tenant, string customerId)
    {
        using Statement select = connection.Use($"SELECT {Columns} FROM life_cycle_states WHERE tenant = ? AND customer_id = ?");
        return select.With(tenant.Id).With(customerId).Step() ? Read(select) : null;
    }

    public static IReadOnlyList<CustomerTransition> Transitions(Connection connection, Tenant tenant, string customerId)
    {
        using Statement select = connection.Use("""
            SELECT from_stage, to_stage, at, reason FROM life_cycle_transitions WHERE tenant = ? AND customer_id = ? ORDER BY at, rowid
            """);
        return select.With(tenant.Id).With(customerId).ReadAll(row => new CustomerTransition(row.Text(0), row.Text(1), row.Instant(2), row.Text(3)));
    }

    private static void Forget(Connection connection, Tenant tenant, string customerId)
    {
        using Statement delete = connection.Use("DELETE FROM life_cycle_states WHERE tenant = ? AND customer_id = ?");
        delete.With(tenant.Id).With(customerId).Run();
    }

    private static void Write(Connection connection, Tenant tenant, CustomerState state)
    {
        using Statement upsert = connection.Use($"""
            INSERT INTO life_cycle_states ({Columns}, tenant) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, customer_id) DO UPDATE SET stage = excluded.stage, since = excluded.since, reason = excluded.reason,
                due_at = excluded.due_at, worth = excluded.worth, summary = excluded.summary
            """);
        upsert.With(state.CustomerId).With(state.Stage).With(state.Since).With(state.Reason).With(state.DueAt).With(state.Worth).With(state.Summary)
            .With(tenant.Id).Run();
    }

    private static void Append(Connection connection, Tenant tenant, string customerId, CustomerTransition transition)
    {
        using Statement insert = connection.Use("""
            INSERT INTO life_cycle_transitions (tenant, customer_id, from_stage, to_stage, at, reason) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, customer_id, at, from_stage, to_stage) DO NOTHING
            """);
        insert.With(tenant.Id).With(customerId).With(transition.From).With(transition.To).With(transition.At).With(transition.Reason).Run();
    }

    private static CustomerState Read(Statement row) =>
        new(row.Text(0), row.Text(1), row.Instant(2), row.Text(3), row.InstantOrNull(4), row.Double(5), row.Text(6));
}
