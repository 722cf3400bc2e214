using Grpc.Core;
using Recommender.Relationship;
using Recommender.Server.Errors;

namespace Recommender.Server.Relationships;

/// <summary>Who makes the margin, from the margins that are kept with the states: no event is read.</summary>
internal static class KeyAccountFinding
{
    private const int Page = 1000;

    /// <param name="days">Back from today.</param>
    /// <param name="currency">Empty: the one there is.</param>
    /// <exception cref="RefusedException">There are several currencies and none is named, or there is none such.</exception>
    public static async Task<(KeyAccounts Accounts, string Currency)> OfAsync(Shop shop, TimeProvider time, double share, int days, string currency, CancellationToken cancellation)
    {
        var margins = await MarginsAsync(shop, shop.Relationships.Rules.Calendar.DayOf(time.GetUtcNow()).AddDays(-days), cancellation);
        if (currency.Length == 0 && margins.Count > 1)
            throw new RefusedException(StatusCode.FailedPrecondition, $"there are margins in {string.Join(", ", margins.Keys)}, which cannot be added up; name one currency",
                [new("currency", $"is needed: there are margins in {string.Join(", ", margins.Keys)}")]);
        if (currency.Length == 0) currency = margins.Keys.FirstOrDefault() ?? "";
        if (currency.Length > 0 && !margins.ContainsKey(currency) && margins.Count > 0)
            throw new RefusedException(StatusCode.InvalidArgument, $"nothing was bought in \"{currency}\" in the last {days} days; there are margins in {string.Join(", ", margins.Keys)}",
                [new("currency", $"is \"{currency}\"; there are margins in {string.Join(", ", margins.Keys)}")]);
        return (KeyAccounts.Of(margins.GetValueOrDefault(currency) ?? [], (decimal)share), currency);
    }

    /// <summary>Works the key accounts out by the shop's options and keeps them; null, and none are kept, where there are several currencies and none is named.</summary>
    public static async Task<int?> RefreshAsync(Shop shop, TimeProvider time, CancellationToken cancellation)
    {
        var rules = shop.Relationships.Rules;
        var margins = await MarginsAsync(shop, rules.Calendar.DayOf(time.GetUtcNow()).AddDays(-rules.Options.KeyAccountDays), cancellation);
        var chosen = rules.Options.Currency.Length > 0 ? margins.GetValueOrDefault(rules.Options.Currency) ?? [] : margins.Count <= 1 ? margins.Values.FirstOrDefault() ?? [] : null;
        var ids = chosen is null ? [] : KeyAccounts.Of(chosen, (decimal)rules.Options.KeyAccountShare).Accounts.Select(account => account.CustomerId).ToArray();
        if (!rules.KeyAccounts.CustomerIds.SetEquals(ids)) await shop.RelationshipSettings.SetKeyAccountsAsync(ids, cancellation);
        return chosen is null ? null : ids.Length;
    }

    private static async Task<SortedDictionary<string, List<CustomerMargin>>> MarginsAsync(Shop shop, DateOnly after, CancellationToken cancellation)
    {
        var margins = new SortedDictionary<string, List<CustomerMargin>>(StringComparer.Ordinal);
        string? place = null;
        while (await shop.Store.LifeCycle.ListAsync(shop.Tenant, place, Page, cancellation) is { Count: > 0 } page)
        {
            foreach (var state in page)
            {
                foreach (var currency in CustomerSummary.Parse(state.Summary).Margins.Where(margin => margin.On > after).GroupBy(margin => margin.Currency, StringComparer.Ordinal))
                {
                    if (!margins.TryGetValue(currency.Key, out var customers)) margins.Add(currency.Key, customers = []);
                    customers.Add(new CustomerMargin(state.CustomerId, currency.Sum(margin => margin.Amount)));
                }
            }
            place = page[^1].CustomerId;
        }
        return margins;
    }
}
