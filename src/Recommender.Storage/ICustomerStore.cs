using Recommender.Customers;

namespace Recommender.Storage;

/// <summary>What is stated of the shop's customers.</summary>
public interface ICustomerStore
{
    /// <summary>
    /// Writes what the shop states, the attributes whole; dates and consents of those who are there stay as they are, and so do statements,
    /// except of an attribute whose value becomes another or goes: it is the shop's word now. Their revision moves on whatever
    /// <c>customer.Revision</c> is. All or none; on disk when it returns.
    /// </summary>
    Task UpsertAsync(Tenant tenant, IReadOnlyList<Customer> customers, CancellationToken cancellation);

    /// <summary>
    /// Writes a customer whole if the stored one still has <c>customer.Revision</c> (0: is not there); false, and nothing written, otherwise.
    /// </summary>
    Task<bool> TryUpdateAsync(Tenant tenant, Customer customer, CancellationToken cancellation);

    Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> customerIds, CancellationToken cancellation);

    Task<Customer?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> customers in ordinal (UTF-8) order of their ids, those after <paramref name="afterId"/>.</summary>
    Task<IReadOnlyList<Customer>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation);

    Task<long> CountAsync(Tenant tenant, CancellationToken cancellation);
}
