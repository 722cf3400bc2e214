using System.Collections.Immutable;
using Grpc.Core;
using Recommender.Catalogue;
using Recommender.Expressions;
using Recommender.Ranking;
using Recommender.Scoring;
using Recommender.Server.Errors;

namespace Recommender.Server.Serving;

/// <summary>The boosts of a scenario and a request, as they are for the catalogue of one moment.</summary>
internal sealed record AppliedBoosts(ImmutableArray<BoostRule> Rules, ImmutableArray<Boost> Scores)
{
    public static AppliedBoosts None { get; } = new([], []);

    /// <summary>The items a boost of a request is about.</summary>
    /// <exception cref="RefusedException">Its filter is not valid for this catalogue; says which field.</exception>
    public static Boost Of(BoostRule rule, Shelves shelves, string field, CancellationToken cancellation)
    {
        try { return Of(rule, shelves.Where(rule.Filter, cancellation)); }
        catch (ExpressionException problem)
        {
            throw new RefusedException(StatusCode.InvalidArgument, $"{field}.filter: {problem.Message}", [new($"{field}.filter", problem.Message)]);
        }
    }

    /// <exception cref="RefusedException">A filter is not valid for this catalogue, or no longer is.</exception>
    public static AppliedBoosts Of(Scenario scenario, IReadOnlyList<BoostRule> asked, Moment now, CancellationToken cancellation)
    {
        if (scenario.Boosts.IsEmpty && asked.Count == 0) return None;
        var scores = ImmutableArray.CreateBuilder<Boost>(scenario.Boosts.Length + asked.Count);
        foreach (var rule in scenario.Boosts) scores.Add(Of(rule, now.OfScenario(scenario, rule.Filter, cancellation)));
        for (int i = 0; i < asked.Count; i++) scores.Add(Of(asked[i], now.Shelves, $"boosts[{i}]", cancellation));
        return new([.. scenario.Boosts, .. asked], scores.MoveToImmutable());
    }

    /// <summary>What raised or lowered an item's score. It is no part of the score, so it has no share.</summary>
    public IEnumerable<ServedReason> ReasonsFor(int item)
    {
        for (int i = 0; i < Scores.Length; i++)
        {
            if (item < Scores[i].Items.Length && Scores[i].Items[item])
                yield return new ServedReason(Source.Boost, "", 0) { Text = FormattableString.Invariant($"score x {Rules[i].Factor:0.####} by {Rules[i].Filter}") };
        }
    }

    private static Boost Of(BoostRule rule, ItemMask items) => new(items, Math.Clamp((float)rule.Factor, Boost.Least, Boost.Greatest));
}
