using System.Runtime.CompilerServices;
using Grpc.Core;
using Recommender.Expressions;
using Recommender.Interactions;
using Recommender.Server.Errors;

namespace Recommender.Server.Profiles;

/// <summary>Which customers: those listed, or else all, or those of all whose profile satisfies both conditions.</summary>
/// <param name="Listed">None: all.</param>
/// <param name="Filter">Over profiles; empty asks nothing.</param>
/// <param name="Search">A text in a profile; empty asks nothing.</param>
internal sealed record CustomerChoice(IReadOnlyList<string> Listed, string Filter, string Search)
{
    /// <summary>Whether somebody without a profile may be among them.</summary>
    public bool IsEverybody => Listed.Count == 0 && string.IsNullOrWhiteSpace(Filter) && Search.Length == 0;
}

/// <summary>Reads the ids of the customers that are chosen, in one order that stays, without holding more than a page of them.</summary>
internal sealed class CustomerSelection(Shop shop)
{
    private const int PageSize = 5_000;

    /// <exception cref="RefusedException">The filter is not valid for the profiles there are.</exception>
    public async Task<SelectedCustomers> OfAsync(CustomerChoice chosen, CancellationToken cancellation)
    {
        if (chosen.Listed.Count > 0) return new((after, _) => Listed(chosen.Listed, after).ToAsyncEnumerable(), (id, _) => Task.FromResult(chosen.Listed.Contains(id)));
        if (chosen.IsEverybody) return new(EverybodyAsync, IsAnybodyAsync);
        try
        {
            var predicate = await shop.CustomerSearch.PredicateAsync(chosen.Filter, cancellation);
            return new((after, stop) => shop.CustomerSearch.IdsAsync(predicate, chosen.Search, after, stop),
                async (id, stop) => await shop.Profiles.FindAsync(id, stop) is { } profile && CustomerSearch.IsFound(profile, predicate, chosen.Search));
        }
        catch (ExpressionException problem)
        {
            throw new RefusedException(StatusCode.InvalidArgument, $"customer_filter: {problem.Message}", [new("customer_filter", problem.Message)]);
        }
    }

    /// <summary>About how many there are; 0 where finding out would take as long as reading them.</summary>
    public async Task<long> CountAsync(CustomerChoice chosen, CancellationToken cancellation)
    {
        if (chosen.Listed.Count > 0) return Listed(chosen.Listed, null).Count();
        if (!chosen.IsEverybody) return 0;
        // Most who have a profile did something, and the other way round.
        long described = await shop.Store.Customers.CountAsync(shop.Tenant, cancellation);
        return Math.Max(described, (await shop.Store.Events.SizeAsync(shop.Tenant, cancellation)).Customers);
    }

    private static IEnumerable<string> Listed(IReadOnlyList<string> ids, string? after) =>
        ids.Distinct(StringComparer.Ordinal).Where(id => after is null || IdOrder.Instance.Compare(id, after) > 0).Order(IdOrder.Instance);

    private async Task<bool> IsAnybodyAsync(string id, CancellationToken cancellation) =>
        await shop.Profiles.FindAsync(id, cancellation) is not null || (await shop.Histories.OfAsync(Person.Customer(id), cancellation)).Events.Count > 0;

    /// <summary>Those with a profile and those who did anything, as one.</summary>
    private async IAsyncEnumerable<string> EverybodyAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var described = PagesAsync(last => shop.CustomerSearch.PageAsync(last, PageSize, cancellation), after).GetAsyncEnumerator(cancellation);
        await using var active = PagesAsync(last => shop.Store.Events.CustomersAsync(shop.Tenant, last, PageSize, cancellation), after).GetAsyncEnumerator(cancellation);
        bool moreDescribed = await described.MoveNextAsync(), moreActive = await active.MoveNextAsync();
        while (moreDescribed || moreActive)
        {
            int order = !moreActive ? -1 : !moreDescribed ? 1 : IdOrder.Instance.Compare(described.Current, active.Current);
            yield return order <= 0 ? described.Current : active.Current;
            if (order <= 0) moreDescribed = await described.MoveNextAsync();
            if (order >= 0) moreActive = await active.MoveNextAsync();
        }
    }

    private static async IAsyncEnumerable<string> PagesAsync(Func<string?, Task<IReadOnlyList<string>>> read, string? after)
    {
        while (await read(after) is { Count: > 0 } page)
        {
            foreach (string id in page) yield return id;
            after = page[^1];
        }
    }
}

/// <param name="IdsAsync">Those that come after an id, whether or not it is still there; null: from the first.</param>
/// <param name="HasAsync">Whether one customer is among them.</param>
internal sealed record SelectedCustomers(Func<string?, CancellationToken, IAsyncEnumerable<string>> IdsAsync, Func<string, CancellationToken, Task<bool>> HasAsync);
