using Recommender.Customers;

namespace Recommender.Storage;

/// <summary>What the shop states of its customers.</summary>
public interface ICustomerStore
{
    /// <summary>Writes the customers whole, replacing those of the same id. All or none; on disk when it returns.</summary>
    Task UpsertAsync(Tenant tenant, IReadOnlyList<Customer> customers, CancellationToken cancellation);

    Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> customerIds, CancellationToken cancellation);

    Task<Customer?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> customers in ordinal (UTF-8) order of their ids, those after <paramref name="afterId"/>.</summary>
    Task<IReadOnlyList<Customer>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation);

    Task<long> CountAsync(Tenant tenant, CancellationToken cancellation);
}
