using System.Runtime.CompilerServices;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Expressions;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>Looks through the profiles page by page. It reads what it passes over, so one call reads a bounded number of them.</summary>
internal sealed class CustomerSearch(CustomerProfiles profiles, ICustomerStore store, Tenant tenant)
{
    private const int MostRead = 20_000;
    private const int PageSize = 1000;

    /// <exception cref="ExpressionException">The filter is not valid for the profiles there are.</exception>
    public async Task<CustomerPage> FindAsync(string filter, string search, string? after, int size, CancellationToken cancellation)
    {
        var predicate = await PredicateAsync(filter, cancellation);
        var found = new List<Customer>();
        bool everything = predicate is null && search.Length == 0;
        for (int read = 0; read < MostRead;)
        {
            // One more than asked for tells whether another page follows.
            int pageSize = everything ? size + 1 : PageSize;
            var page = await store.ListAsync(tenant, after, pageSize, cancellation);
            foreach (var customer in page)
            {
                if (found.Count == size) return new CustomerPage(found, found[^1].Id);
                if (IsFound(customer, predicate, search)) found.Add(customer);
            }
            if (page.Count < pageSize) return new CustomerPage(found, null);
            (after, read) = (page[^1].Id, read + page.Count);
        }
        return new CustomerPage(found, after);
    }

    /// <summary>Null where the filter asks nothing.</summary>
    /// <exception cref="ExpressionException">The filter is not valid for the profiles there are.</exception>
    public async Task<CustomerPredicate?> PredicateAsync(string filter, CancellationToken cancellation) =>
        string.IsNullOrWhiteSpace(filter) ? null : CustomerPredicate.Compile(filter, await SchemaAsync(cancellation));

    /// <summary>The ids of all that both conditions hold for, in the order of the store.</summary>
    public async IAsyncEnumerable<string> IdsAsync(CustomerPredicate? predicate, string search, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await store.ListAsync(tenant, after, PageSize, cancellation) is { Count: > 0 } page)
        {
            foreach (var customer in page)
            {
                if (IsFound(customer, predicate, search)) yield return customer.Id;
            }
            after = page[^1].Id;
        }
    }

    /// <summary>The ids of some that follow, none where there are no more.</summary>
    public async Task<IReadOnlyList<string>> PageAsync(string? after, int size, CancellationToken cancellation) =>
        [.. (await store.ListAsync(tenant, after, size, cancellation)).Select(customer => customer.Id)];

    /// <param name="predicate">Null asks nothing.</param>
    public static bool IsFound(Customer customer, CustomerPredicate? predicate, string search) =>
        (predicate is null || predicate.Matches(customer)) && Says(customer, search);

    private static bool Says(Customer customer, string search) => search.Length == 0 || Has(customer.Id, search)
        || customer.Attributes.Values.Any(value => value is AttributeValue.Text text ? Has(text.Value, search)
            : value is AttributeValue.TextList list && list.Values.Any(one => Has(one, search)));

    private static bool Has(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);

    private async Task<Schema> SchemaAsync(CancellationToken cancellation)
    {
        if (!profiles.Schema.Attributes.IsEmpty) return profiles.Schema.ForExpressions;
        var kinds = new Dictionary<string, AttributeKind>(StringComparer.Ordinal);
        await foreach (var customer in profiles.AllAsync(cancellation))
        {
            foreach (var (name, value) in customer.Attributes) kinds.TryAdd(name, value.Kind);
        }
        return Schema.Declared(kinds);
    }
}

/// <param name="NextAfter">The id after which the next page begins; null on the last.</param>
internal sealed record CustomerPage(IReadOnlyList<Customer> Customers, string? NextAfter);
