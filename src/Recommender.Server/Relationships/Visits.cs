using Recommender.Interactions;

namespace Recommender.Server.Relationships;

/// <summary>What a person's events say of their visits: when the last one was, and what it left behind.</summary>
internal static class Visits
{
    /// <summary>A visit ends when nothing happens for so long.</summary>
    public static readonly TimeSpan SessionEnd = TimeSpan.FromMinutes(30);

    /// <summary>The newest event, and the newest before the visit that it belongs to.</summary>
    /// <param name="standing">By time.</param>
    public static (DateTimeOffset? Newest, DateTimeOffset? BeforeItsVisit) Of(IReadOnlyList<ShopEvent> standing)
    {
        if (standing.Count == 0) return (null, null);
        int first = standing.Count - 1;
        while (first > 0 && standing[first].OccurredAt - standing[first - 1].OccurredAt <= SessionEnd) first--;
        return (standing[^1].OccurredAt, first > 0 ? standing[first - 1].OccurredAt : null);
    }

    /// <summary>Items that were put into the cart and neither bought nor taken out since, newest first.</summary>
    public static IReadOnlyList<string> LeftInCart(IReadOnlyList<ShopEvent> standing)
    {
        List<string>? left = null;
        HashSet<string>? settled = null;
        for (int i = standing.Count - 1; i >= 0; i--)
        {
            if (standing[i] is not { Type: EventTypes.CartAdd or EventTypes.CartRemove or EventTypes.Purchase, ItemId: { } item }) continue;
            if (!(settled ??= []).Add(item)) continue;
            if (standing[i].Type == EventTypes.CartAdd) (left ??= []).Add(item);
        }
        return left ?? (IReadOnlyList<string>)[];
    }
}
