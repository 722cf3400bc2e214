using System.Collections.Immutable;

namespace Recommender.Ranking;

/// <summary>What may bring somebody back.</summary>
public enum BringBack
{
    LeftInCart,

    /// <summary>What they buy again and again and should have used up.</summary>
    Replenish,

    NewSinceLastVisit,
}

/// <summary>How a scenario treats people in one life-cycle stage.</summary>
public sealed record StageBehaviour
{
    /// <summary>How much is risked to learn more of the person, 0 to 1: how much an item's uncertainty counts beside its score.</summary>
    public double Explore { get; init; }

    /// <summary>What comes first in the list, in this order.</summary>
    public ImmutableArray<BringBack> BringBack { get; init; } = [];

    /// <summary>An expression that items must satisfy besides the scenario's; empty asks nothing.</summary>
    public string Filter { get; init; } = "";
}
