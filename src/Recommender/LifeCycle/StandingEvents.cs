using Recommender.Interactions;

namespace Recommender.LifeCycle;

/// <summary>What is left of one person's events once undone ones are taken out, in the order in which they happened.</summary>
public static class StandingEvents
{
    /// <param name="events">In log order, undo events included.</param>
    /// <returns>Without undo events and what they undo; by time, those of one moment in log order.</returns>
    public static IReadOnlyList<ShopEvent> Of(IReadOnlyList<ShopEvent> events)
    {
        HashSet<string>? undone = null;
        // Backwards, because an undo may itself be undone by a later one.
        for (int i = events.Count - 1; i >= 0; i--)
        {
            if (events[i] is { Type: EventTypes.Undo, UndoesEventId: { } target } && undone?.Contains(events[i].EventId) != true) (undone ??= []).Add(target);
        }
        bool inOrder = true;
        for (int i = 1; i < events.Count && inOrder; i++) inOrder = events[i - 1].OccurredAt <= events[i].OccurredAt;
        if (undone is null && inOrder) return events;
        return [.. events.Where(happened => happened.Type != EventTypes.Undo && undone?.Contains(happened.EventId) != true).OrderBy(happened => happened.OccurredAt)];
    }
}
