using Recommender.Interactions;
using Recommender.LifeCycle;

namespace Recommender.Relationship;

/// <summary>The days on which one customer bought one item for themselves.</summary>
/// <param name="Days">Oldest first, each once.</param>
public sealed record ItemPurchases(string ItemId, IReadOnlyList<DateOnly> Days)
{
    /// <summary>The median of the days between purchases; null before the second.</summary>
    public double? MedianInterval => Days.Count < 2 ? null : Median.Of([.. Days.Zip(Days.Skip(1), (from, to) => (double)(to.DayNumber - from.DayNumber))]);

    /// <summary>By item, in the order of the first purchase. What came back was not consumed: each return takes the last day away.</summary>
    /// <param name="events">Of one person, in log order, undo events included.</param>
    /// <param name="now">What lies after it has not happened yet.</param>
    public static IReadOnlyList<ItemPurchases> Of(IReadOnlyList<ShopEvent> events, ShopCalendar calendar, DateTimeOffset now)
    {
        var days = new Dictionary<string, List<DateOnly>>();
        foreach (ShopEvent happened in StandingEvents.Of(events))
        {
            if (happened.IsGift || happened.OccurredAt > now || happened.ItemId is not { } item) continue;
            if (happened is { Type: EventTypes.Purchase, IsGift: false })
            {
                if (!days.TryGetValue(item, out List<DateOnly>? bought)) days.Add(item, bought = []);
                DateOnly day = calendar.DayOf(happened.OccurredAt);
                if (bought.Count == 0 || bought[^1] != day) bought.Add(day);
            }
            else if (happened.Type == EventTypes.Return && days.TryGetValue(item, out List<DateOnly>? kept) && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
        }
        return [.. days.Where(pair => pair.Value.Count > 0).Select(pair => new ItemPurchases(pair.Key, pair.Value))];
    }
}
