using Recommender.Ranking;
using Recommender.Scoring;

namespace Recommender.Server.Serving;

/// <summary>A request of which all is known but the ranking.</summary>
/// <param name="Evidence">What speaks for the person's taste; null where they are not to be addressed, so that nothing is ranked for them.</param>
/// <param name="Eligible">What may be shown to them.</param>
/// <param name="Skip">Ranks before the page that is asked for.</param>
/// <param name="Count">Items of the page.</param>
internal sealed record PreparedRequest(RecommendQuery Query, Scenario Scenario, Situation Situation, Moment Now, Evidence? Evidence, ItemMask Eligible,
    AppliedBoosts Boosts, int Skip, int Count)
{
    /// <summary>
    /// Their best items where somebody has ranked for many at once, one more than are shown as far as there are; null where it is yet to be done.
    /// </summary>
    public ReadOnlyMemory<ScoredItem>? Ranked { get; init; }

    /// <summary>
    /// Whether the list begins with their best items and tells of each nothing but its score: then it does not matter who ranked them, or how many together.
    /// </summary>
    public bool IsPlain => Evidence is { IsEmpty: false } && Now.Live.Model is not null && !Query.WithReasons && Situation is { Explore: 0, Head.IsEmpty: true, NewSince: null }
        && (Scenario.Strategy == Strategy.Personalised || Scenario.Strategy == Strategy.Similar && Query.ContextItemIds.Count == 0);
}
