namespace Recommender.Interactions;

/// <summary>A person's events without those that were taken back and without the undo events themselves.</summary>
public static class StandingEvents
{
    /// <param name="events">In log order.</param>
    public static IReadOnlyList<ShopEvent> Of(IReadOnlyList<ShopEvent> events)
    {
        var undone = new HashSet<string>(StringComparer.Ordinal);
        // Backwards, because an undo may itself be undone by a later one.
        for (int i = events.Count - 1; i >= 0; i--)
        {
            if (events[i] is { Type: EventTypes.Undo, UndoesEventId: { } target } undo && !undone.Contains(undo.EventId)) undone.Add(target);
        }
        return [.. events.Where(happened => happened.Type != EventTypes.Undo && !undone.Contains(happened.EventId))];
    }
}
