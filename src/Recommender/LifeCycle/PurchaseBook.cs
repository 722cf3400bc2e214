namespace Recommender.LifeCycle;

/// <summary>One customer's purchase days, oldest first, each once with what was paid on it.</summary>
public sealed record CustomerPurchases(string CustomerId, IReadOnlyList<PurchaseDay> Days)
{
    /// <summary>The summary of the purchases up to a day.</summary>
    public PurchaseRhythm RhythmUntil(DateOnly until)
    {
        var rhythm = new PurchaseRhythm();
        foreach (PurchaseDay day in Days)
        {
            if (day.On > until) break;
            rhythm = rhythm.With(day.On, day.Amount);
        }
        return rhythm;
    }

    /// <summary>Purchase days after one day and up to another, the first purchase of all not counted.</summary>
    public int RepeatsBetween(DateOnly after, DateOnly until) => Days.Skip(1).Count(day => day.On > after && day.On <= until);
}

public readonly record struct PurchaseDay(DateOnly On, double Amount);

/// <summary>Collects purchases, in whatever order they come, by customer and day.</summary>
public sealed class PurchaseBook
{
    private readonly Dictionary<string, SortedDictionary<DateOnly, double>> _customers = [];

    public void Add(string customerId, DateOnly on, double amount)
    {
        if (!_customers.TryGetValue(customerId, out SortedDictionary<DateOnly, double>? days)) _customers.Add(customerId, days = []);
        days[on] = days.GetValueOrDefault(on) + amount;
    }

    /// <summary>By id.</summary>
    public IReadOnlyList<CustomerPurchases> Customers =>
    [
        .. _customers.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new CustomerPurchases(pair.Key, [.. pair.Value.Select(day => new PurchaseDay(day.Key, day.Value))])),
    ];
}
