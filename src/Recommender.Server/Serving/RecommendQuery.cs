using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Ranking;

namespace Recommender.Server.Serving;

/// <summary>What somebody wants recommended, checked for form but not yet against the catalogue.</summary>
public sealed record RecommendQuery
{
    /// <summary>The largest number of items in one answer, and of items before it.</summary>
    public const int MostItems = 10_000;

    public Person? Person { get; init; }

    public IReadOnlyList<string> SessionItemIds { get; init; } = [];

    public IReadOnlyList<string> ContextItemIds { get; init; } = [];

    /// <summary>Empty: the built-in scenario "default".</summary>
    public string ScenarioId { get; init; } = "";

    /// <summary>Null: the scenario's number.</summary>
    public int? Count { get; init; }

    public string PageToken { get; init; } = "";

    public string Filter { get; init; } = "";

    /// <summary>Besides those of the scenario.</summary>
    public ImmutableArray<BoostRule> Boosts { get; init; } = [];

    public IReadOnlyList<string> ExcludeItemIds { get; init; } = [];

    /// <summary>Where it will be shown; empty: the scenario's channel.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Only a look: nothing is remembered.</summary>
    public bool Preview { get; init; }

    /// <summary>Whether reasons are worked out.</summary>
    public bool WithReasons { get; init; } = true;

    /// <summary>A preview of exactly what would be shown, resting items left out.</summary>
    public bool AsShown { get; init; }
}
