namespace Recommender.Interactions;

/// <summary>What is left of one person's events once undone ones are taken out.</summary>
public static class StandingEvents
{
    /// <summary>By time, those of one moment in log order.</summary>
    /// <param name="events">In log order, undo events included.</param>
    public static IReadOnlyList<ShopEvent> Of(IReadOnlyList<ShopEvent> events)
    {
        IReadOnlyList<ShopEvent> standing = InLogOrder(events);
        for (int i = 1; i < standing.Count; i++)
        {
            if (standing[i - 1].OccurredAt > standing[i].OccurredAt) return [.. standing.OrderBy(happened => happened.OccurredAt)];
        }
        return standing;
    }

    /// <summary>In log order: what was recorded last has the last word, as with answers.</summary>
    public static IReadOnlyList<ShopEvent> InLogOrder(IReadOnlyList<ShopEvent> events)
    {
        HashSet<string>? undone = null;
        // Backwards, because an undo may itself be undone by a later one.
        for (int i = events.Count - 1; i >= 0; i--)
        {
            if (events[i] is { Type: EventTypes.Undo, UndoesEventId: { } target } && undone?.Contains(events[i].EventId) != true) (undone ??= []).Add(target);
        }
        return undone is null ? events : [.. events.Where(happened => happened.Type != EventTypes.Undo && !undone.Contains(happened.EventId))];
    }
}
