using System.Collections.Immutable;
using Grpc.Core;
using Recommender.Catalogue;
using Recommender.ColdStart;
using Recommender.Expressions;
using Recommender.Ranking;
using Recommender.Scoring;
using Recommender.Server.Errors;

namespace Recommender.Server.Serving;

/// <summary>The live model and the catalogue as one request sees them, read once and the same from its beginning to its end.</summary>
public sealed record Moment(InService Live, Shelves Shelves)
{
    /// <summary>The items that the live model has not learned and that have a place in it by their attributes; null without a model.</summary>
    internal Newcomers? Newcomers { get; } = Live.Newcomers;

    /// <summary>Whether there is anything to rank an item by: what was learned, or what its attributes say.</summary>
    internal bool Ranked(int item) => Learned(item) || Newcomers?.Contains(item) == true;

    /// <summary>Whether the live model has learned anything about an item.</summary>
    internal bool Learned(int item) => item < (Live.Model?.Items.Count ?? 0);

    internal string IdOf(int item) => Learned(item) ? Live.Model!.Items[item] : Shelves[item]?.Id ?? "";

    internal int[] LearnedNumbers(IReadOnlyList<string> itemIds) => [.. RankedNumbers(itemIds).Where(Learned)];

    internal int[] RankedNumbers(IReadOnlyList<string> itemIds) =>
        itemIds.Count == 0 ? [] : [.. itemIds.Select(id => Shelves.TryGetNumber(id, out int item) ? item : -1).Where(item => item >= 0 && Ranked(item))];

    /// <summary>What may be shown under both filters. Shared: to be read only.</summary>
    /// <exception cref="ExpressionException">The request's filter is not valid for this catalogue.</exception>
    /// <exception cref="RefusedException">The scenario's filter no longer is.</exception>
    internal ItemMask Eligible(Scenario scenario, string requestFilter, ImmutableArray<string> personFilters, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(scenario.Filter) && string.IsNullOrWhiteSpace(requestFilter) && personFilters.IsEmpty) return Shelves.Eligible;
        return Shelves.EligibleWhere([requestFilter, scenario.Filter, .. personFilters],
            i => i == 0 ? Shelves.Where(requestFilter, cancellation) : OfScenario(scenario, i == 1 ? scenario.Filter : personFilters[i - 2], cancellation));
    }

    /// <summary>The catalogue may have changed since the scenario was stored; that is not the caller's mistake.</summary>
    internal ItemMask OfScenario(Scenario scenario, string filter, CancellationToken cancellation)
    {
        try { return Shelves.Where(filter, cancellation); }
        catch (ExpressionException problem)
        {
            throw new RefusedException(StatusCode.FailedPrecondition,
                $"a filter of scenario \"{scenario.Id}\" does not fit the catalogue any more: {problem.Message}; mend the scenario");
        }
    }
}
