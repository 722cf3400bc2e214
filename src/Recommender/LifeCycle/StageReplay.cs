using Recommender.Interactions;

namespace Recommender.LifeCycle;

/// <summary>A person's stages from all that happened: after an undo, a late event or a link, and once for everybody to begin with.</summary>
public static class StageReplay
{
    /// <param name="rules">The stage rules with the shop's model.</param>
    /// <param name="evidence">Everything of one person.</param>
    /// <param name="categoryOf">The category of an item, null where it has none.</param>
    /// <param name="calendar">Which days things happened on.</param>
    /// <param name="now">What lies after it has not happened yet.</param>
    public static StageHistory Of(StageRules rules, RelationshipEvidence evidence, Func<string, string?> categoryOf, ShopCalendar calendar, DateTimeOffset now)
    {
        var transitions = new List<StageTransition>();
        var state = new LifeCycleState();
        var categories = new HashSet<string>();
        IReadOnlyList<ShopEvent> events = StandingEvents.Of(evidence.Events);
        DateTimeOffset? introduced = evidence.Introductions.Count == 0 ? null : evidence.Introductions.Min();
        int next = 0;
        while (next < events.Count && events[next].OccurredAt <= now)
        {
            DateOnly day = calendar.DayOf(events[next].OccurredAt);
            int end = next + 1;
            while (end < events.Count && events[end].OccurredAt <= now && calendar.DayOf(events[end].OccurredAt) == day) end++;
            if (introduced is { } moment && moment <= now && calendar.DayOf(moment) <= day)
            {
                state = StageRules.Introduced(state, calendar.DayOf(moment), transitions);
                introduced = null;
            }
            state = OneDay(rules, state, events, next..end, day, categoryOf, categories, transitions);
            next = end;
        }
        if (introduced is { } late && late <= now) state = StageRules.Introduced(state, calendar.DayOf(late), transitions);
        state = rules.Advance(state, calendar.DayOf(now), transitions);
        return new StageHistory(state, transitions);
    }

    private static LifeCycleState OneDay(StageRules rules, LifeCycleState state, IReadOnlyList<ShopEvent> events, Range range, DateOnly day,
        Func<string, string?> categoryOf, HashSet<string> categories, List<StageTransition> transitions)
    {
        bool bought = false, newCategory = false;
        double amount = 0;
        var (start, length) = range.GetOffsetAndLength(events.Count);
        for (int i = start; i < start + length; i++)
        {
            ShopEvent happened = events[i];
            if (happened.Type != EventTypes.Purchase) continue;
            bought = true;
            amount += (double)(happened.Price ?? 0) * happened.Quantity;
            if (happened.ItemId is { } item && categoryOf(item) is { } category) newCategory |= categories.Add(category);
        }
        return bought ? rules.Bought(state, day, amount, newCategory, transitions) : StageRules.Seen(state, day);
    }
}
