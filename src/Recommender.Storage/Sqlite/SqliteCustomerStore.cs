using Recommender.Customers;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteCustomerStore(Writer writer, Readers readers) : ICustomerStore
{
    public Task UpsertAsync(Tenant tenant, IReadOnlyList<Customer> customers, CancellationToken cancellation)
    {
        var attributes = new byte[customers.Count][];
        for (int i = 0; i < attributes.Length; i++)
        {
            Storable.RequireId(customers[i].Id, "customer", i);
            attributes[i] = AttributeJson.Write(customers[i].Attributes, "customer", customers[i].Id);
        }
        return writer.WriteAsync(customers.Count, connection =>
        {
            for (int i = 0; i < attributes.Length; i++)
            {
                using Statement upsert = connection.Use("""
                    INSERT INTO customers (tenant, id, attributes) VALUES (?, ?, ?)
                    ON CONFLICT (tenant, id) DO UPDATE SET attributes = excluded.attributes
                    """);
                upsert.With(tenant.Id).With(customers[i].Id).WithText(attributes[i]).Run();
            }
            return attributes.Length;
        }, cancellation);
    }

    public Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> customerIds, CancellationToken cancellation) =>
        writer.WriteAsync(customerIds.Count, connection =>
        {
            int deleted = 0;
            foreach (string id in customerIds)
            {
                using Statement delete = connection.Use("DELETE FROM customers WHERE tenant = ? AND id = ?");
                deleted += delete.With(tenant.Id).With(id).Run();
            }
            return deleted;
        }, cancellation);

    public Task<Customer?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        Task.FromResult(readers.Read(connection =>
        {
            using Statement select = connection.Use("SELECT id, attributes FROM customers WHERE tenant = ? AND id = ?");
            return select.With(tenant.Id).With(customerId).Step() ? ReadCustomer(select) : null;
        }, cancellation));

    public Task<IReadOnlyList<Customer>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ScanAsync<IReadOnlyList<Customer>>(connection =>
        {
            using Statement select = connection.Use("SELECT id, attributes FROM customers WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?");
            select.With(tenant.Id).With(afterId ?? "").With(limit);
            var customers = new List<Customer>();
            while (select.Step()) customers.Add(ReadCustomer(select));
            return customers;
        }, cancellation);
    }

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => readers.ScanAsync(connection =>
    {
        using Statement count = connection.Use("SELECT COUNT(*) FROM customers WHERE tenant = ?");
        count.With(tenant.Id).Step();
        return count.Long(0);
    }, cancellation);

    private static Customer ReadCustomer(Statement row) => new(row.Text(0)) { Attributes = AttributeJson.Read(row.Utf8Text(1)) };
}
