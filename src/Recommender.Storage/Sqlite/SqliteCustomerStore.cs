using System.Collections.Immutable;
using Recommender.Customers;

namespace Recommender.Storage.Sqlite;

internal sealed class SqliteCustomerStore(Writer writer, Readers readers) : ICustomerStore
{
    private const string Insert =
        "INSERT INTO customers (tenant, id, attributes, statements, dates, consents, revision) VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (tenant, id)";

    public const string Columns = "id, attributes, statements, dates, consents, revision";

    private readonly KeyedRows<Customer> _rows = new(writer, readers, "customers", Columns, Read);

    public Task UpsertAsync(Tenant tenant, IReadOnlyList<Customer> customers, CancellationToken cancellation)
    {
        CustomerJson[] documents = [.. customers.Select(CustomerJson.Of)];
        return writer.WriteAsync(documents.Length, connection =>
        {
            for (int i = 0; i < documents.Length; i++)
            {
                var document = documents[i];
                if (_rows.Find(connection, tenant, customers[i].Id) is { } stored)
                    document = document with { Statements = CustomerJson.Of(stored with { Statements = Holding(stored, customers[i]) }, i).Statements };
                using Statement upsert = connection.Use(
                    $"{Insert} DO UPDATE SET attributes = excluded.attributes, statements = excluded.statements, revision = revision + 1");
                Bind(upsert.With(tenant.Id).With(customers[i].Id), document).Run();
            }
            return documents.Length;
        }, cancellation);
    }

    public Task<bool> TryUpdateAsync(Tenant tenant, Customer customer, CancellationToken cancellation)
    {
        CustomerJson document = CustomerJson.Of(customer, 0);
        return writer.WriteAsync(1, connection =>
        {
            if (customer.Revision == 0)
            {
                using Statement insert = connection.Use($"{Insert} DO NOTHING");
                return Bind(insert.With(tenant.Id).With(customer.Id), document).Run() == 1;
            }
            using Statement update = connection.Use("""
                UPDATE customers SET attributes = ?, statements = ?, dates = ?, consents = ?, revision = revision + 1
                WHERE tenant = ? AND id = ? AND revision = ?
                """);
            return Bind(update, document).With(tenant.Id).With(customer.Id).With(customer.Revision).Run() == 1;
        }, cancellation);
    }

    public Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> customerIds, CancellationToken cancellation) =>
        _rows.DeleteAsync(tenant, customerIds, cancellation);

    public Task<Customer?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation) =>
        _rows.FindAsync(tenant, customerId, cancellation);

    public Task<IReadOnlyList<Customer>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation) =>
        _rows.ListAsync(tenant, afterId, limit, cancellation);

    public Task<long> CountAsync(Tenant tenant, CancellationToken cancellation) => _rows.CountAsync(tenant, cancellation);

    private static ImmutableSortedDictionary<string, Customers.Statement> Holding(Customer stored, Customer stated) => stored.Statements.RemoveRange(
        stored.Statements.Keys.Where(name => !Equals(stored.Attributes.GetValueOrDefault(name), stated.Attributes.GetValueOrDefault(name))));

    public static Statement Bind(Statement write, CustomerJson document) =>
        write.WithText(document.Attributes).WithText(document.Statements).WithText(document.Dates).WithText(document.Consents);

    public static Customer Read(Statement row) => new(row.Text(0))
    {
        Attributes = AttributeJson.Read(row.Utf8Text(1)),
        Statements = CustomerJson.ReadNamed<Customers.Statement>(row.Utf8Text(2)),
        Dates = CustomerJson.ReadNamed<DateOnly>(row.Utf8Text(3)),
        Consents = CustomerJson.ReadConsents(row.Utf8Text(4)),
        Revision = row.Long(5),
    };
}
