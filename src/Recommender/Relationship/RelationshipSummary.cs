using Recommender.Interactions;
using Recommender.LifeCycle;

namespace Recommender.Relationship;

/// <summary>
/// What a nightly pass reads of one person instead of their events, about 100 bytes. Sums fade by the half-lives of
/// <see cref="IndicatorOptions"/> and stand as of <see cref="AsOf"/>; all of them fade alike, so later days need no events.
/// </summary>
public readonly record struct RelationshipSummary
{
    /// <summary>Stage and rhythm.</summary>
    public LifeCycleState LifeCycle { get; init; }

    public DateOnly AsOf { get; init; }

    /// <summary>The last day on which the person did anything; meaningless where <see cref="Active"/> is false.</summary>
    public DateOnly LastActive { get; init; }

    /// <summary>Whether the person ever did anything.</summary>
    public bool Active { get; init; }

    /// <summary>Different categories and channels the person used.</summary>
    public ushort Categories { get; init; }

    public ushort Channels { get; init; }

    // Of satisfaction, faded.
    internal float AnswerScores { get; init; }
    internal float Answers { get; init; }
    internal float RatingScores { get; init; }
    internal float Ratings { get; init; }
    internal float UnitsBought { get; init; }
    internal float UnitsReturned { get; init; }
    internal float Complaints { get; init; }

    // Of intensity, faded.
    internal float ActiveDays { get; init; }
    internal float Reactions { get; init; }
    internal float Contacts { get; init; }
    internal float Answered { get; init; }

    /// <summary>Summarises one person; also how an event updates its own person at once.</summary>
    /// <param name="rules">The stage rules with the shop's model.</param>
    /// <param name="categoryOf">The category of an item, null where it has none.</param>
    /// <param name="now">What lies after it has not happened yet.</param>
    /// <returns>The summary, with the transitions that led to its stage.</returns>
    /// <exception cref="ArgumentException">A satisfaction score is not between 0 and 1.</exception>
    public static (RelationshipSummary Summary, IReadOnlyList<StageTransition> Transitions) Of(RelationshipEvidence evidence, StageRules rules,
        IndicatorOptions options, Func<string, string?> categoryOf, ShopCalendar calendar, DateTimeOffset now)
    {
        StageHistory history = StageReplay.Of(rules, evidence, categoryOf, calendar, now);
        var counts = new EvidenceCounts(options, categoryOf, calendar, now);
        foreach (ShopEvent happened in StandingEvents.Of(evidence.Events)) counts.Add(happened);
        foreach (SatisfactionAnswer answer in evidence.SatisfactionAnswers) counts.Add(answer);
        foreach (DateTimeOffset complaint in evidence.Complaints) counts.AddComplaint(complaint);
        foreach (RelationshipContact contact in evidence.Contacts) counts.Add(contact);
        foreach (DateTimeOffset introduction in evidence.Introductions) counts.AddReaction(introduction);
        return (counts.Summary(history.State), history.Transitions);
    }
}
