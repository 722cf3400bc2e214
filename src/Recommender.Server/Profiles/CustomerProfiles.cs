using Grpc.Core;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>What is stated of customers, under the schema that the shop declared.</summary>
internal sealed class CustomerProfiles(ICustomerStore store, ISettings settings, Tenant tenant, ErasedPeople erased) : IDisposable
{
    public const string SchemaSetting = "profile_schema";
    private const int PageSize = 1000;

    // One at a time, whoever writes under the schema or changes it: no value slips in that the new one could not keep.
    private readonly SemaphoreSlim _declaring = new(1);
    private volatile ProfileSchema _schema = ProfileSchema.Empty;

    public ProfileSchema Schema => _schema;

    /// <summary>Is told whose profile was written, once it is on disk.</summary>
    public Action<Person>? Changed { get; set; }

    public Task LoadAsync(CancellationToken cancellation) => ExclusivelyAsync(
        async () => await settings.FindAsync(tenant, SchemaSetting, cancellation) is { } json ? _schema = ProfileSchema.Parse(json) : _schema, cancellation);

    public Task<Customer?> FindAsync(string customerId, CancellationToken cancellation) => store.FindAsync(tenant, customerId, cancellation);

    /// <summary>Writes customers' attributes whole.</summary>
    public Task UpsertAsync(IReadOnlyList<Customer> customers, CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        foreach (var customer in customers)
        {
            erased.ThrowIfErased(Person.Customer(customer.Id));
            Check(customer);
        }
        await store.UpsertAsync(tenant, customers, CancellationToken.None);
        foreach (var customer in customers) Changed?.Invoke(Person.Customer(customer.Id));
        return true;
    }, cancellation);

    /// <summary>Changes one customer, made if there is none. The change may be worked out several times when others change them too.</summary>
    public Task<Customer> ChangeAsync(string customerId, Func<Customer, Customer> change, CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        erased.ThrowIfErased(Person.Customer(customerId));
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = await store.FindAsync(tenant, customerId, cancellation) ?? new Customer(customerId);
            var after = change(before);
            Check(after);
            if (after == before) return before;
            if (!await store.TryUpdateAsync(tenant, after, CancellationToken.None)) continue;
            Changed?.Invoke(Person.Customer(customerId));
            return after with { Revision = after.Revision + 1 };
        }
    }, cancellation);

    /// <summary>Puts a schema in force under which everything stored can be kept.</summary>
    /// <exception cref="RefusedException">Values would be lost; says how many of which attribute.</exception>
    public Task<ProfileSchema> DeclareAsync(ProfileSchema schema, CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        var lost = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var customer in AllAsync(cancellation))
        {
            foreach (var (name, value) in customer.Attributes)
            {
                if (!schema.Keeps(name, value)) lost[name] = lost.GetValueOrDefault(name) + 1;
            }
        }
        if (lost.Count > 0)
        {
            var violations = lost.Select(one => new Violation($"attributes[\"{one.Key}\"]", $"{one.Value} customers have a value that could not be kept")).ToArray();
            throw new RefusedException(StatusCode.FailedPrecondition,
                $"the schema would lose values: {string.Join(", ", lost.Select(one => $"{one.Key} of {one.Value} customers"))}; change or remove them first", violations);
        }
        await settings.SetAsync(tenant, SchemaSetting, schema.ToJson(), CancellationToken.None);
        return _schema = schema;
    }, cancellation);

    public async IAsyncEnumerable<Customer> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        while (true)
        {
            var page = await store.ListAsync(tenant, after, PageSize, cancellation);
            foreach (var customer in page) yield return customer;
            if (page.Count < PageSize) yield break;
            after = page[^1].Id;
        }
    }

    public void Dispose() => _declaring.Dispose();

    private void Check(Customer customer)
    {
        foreach (var (name, value) in customer.Attributes)
        {
            if (_schema.ProblemWith(name, value) is { } problem)
                throw new RefusedException(StatusCode.InvalidArgument, $"attribute {name} of customer {customer.Id} {problem}", [new($"attributes[\"{name}\"]", problem)]);
        }
    }

    private async Task<T> ExclusivelyAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _declaring.WaitAsync(cancellation);
        try { return await work(); }
        finally { _declaring.Release(); }
    }
}
