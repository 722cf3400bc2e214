using Recommender.Evaluation;
using static System.FormattableString;

namespace Recommender.Cli.Reporting;

/// <summary>The one sentence people want to know next.</summary>
internal static class Verdict
{
    /// <param name="summary">Models first, then popularity.</param>
    /// <param name="models">How many of the rankings are models.</param>
    /// <param name="isShuffled">Whether there was anything to find.</param>
    public static string Of(EvaluationSummary summary, int models, bool isShuffled)
    {
        if (summary.Customers < PairedDifference.FewestCustomers)
            return $"Nothing can be told from {(summary.Customers == 1 ? "one customer" : $"{summary.Customers} customers")}; it takes "
                + $"{PairedDifference.FewestCustomers} and better thousands.";
        PairedComparison[] withPopularity = [.. summary.Comparisons.Take(models)];
        if (isShuffled) return OfShuffled(summary, withPopularity);
        string[] notBetter = [.. withPopularity.Where(pair => pair.Of(Figure.Ndcg).Sign <= 0).Select(pair => pair.B)];
        string warning = models > 1 && notBetter.Length > 0 ? $" Not better than popularity: {string.Join(", ", notBetter)}." : "";
        return models switch { 1 => Pair(summary, withPopularity[0]), 2 => Pair(summary, summary.Comparisons[2]), _ => Best(summary, models) } + warning;
    }

    /// <summary>With sign and four digits, as differences are written everywhere.</summary>
    public static string Difference(Interval interval) =>
        Invariant($"{interval.Mean:+0.0000;-0.0000;0.0000} [{interval.Low:+0.0000;-0.0000;0.0000}, {interval.High:+0.0000;-0.0000;0.0000}]");

    private static string Pair(EvaluationSummary summary, PairedComparison pair)
    {
        PairedDifference ndcg = pair.Of(Figure.Ndcg);
        if (ndcg.Sign == 0)
            return Invariant(
                $"No difference between {pair.A} and {pair.B} can be seen with {summary.Customers:N0} customers: NDCG@{summary.Headline} {Difference(ndcg.Difference)}.");
        (string better, string worse, Interval by) = ndcg.Sign > 0
            ? (pair.B, pair.A, ndcg.Difference)
            : (pair.A, pair.B, new Interval(-ndcg.Difference.Mean, -ndcg.Difference.High, -ndcg.Difference.Low));
        return Invariant(
            $"{better} is better than {worse} by {by.Mean:0.0000} [{by.Low:0.0000}, {by.High:0.0000}] NDCG@{summary.Headline}, over {summary.Customers:N0} customers.");
    }

    private static string Best(EvaluationSummary summary, int models)
    {
        RankingSummary best = summary.Rankings.Take(models).MaxBy(ranking => ranking.At(summary.Headline).Of(Figure.Ndcg).Mean)!;
        PairedComparison[] others = [.. summary.Comparisons.Skip(models).Where(pair => pair.A == best.Name || pair.B == best.Name)];
        string[] level = [.. others.Where(pair => pair.Of(Figure.Ndcg).Sign == 0).Select(pair => pair.A == best.Name ? pair.B : pair.A)];
        PairedComparison next = others.MinBy(pair => Math.Abs(pair.Of(Figure.Ndcg).Difference.Mean))!;
        return level.Length == 0 ? $"{best.Name} is better than all others. {Pair(summary, next)}"
            : Invariant($"{best.Name} leads, and no difference from {string.Join(", ", level)} can be seen with {summary.Customers:N0} customers.");
    }

    private static string OfShuffled(EvaluationSummary summary, PairedComparison[] withPopularity)
    {
        PairedComparison[] leaking = [.. withPopularity.Where(Leak.IsIn)];
        return leaking.Length == 0 ? "There was nothing to find, and nothing was found beyond popularity and chance: no leak."
            : Invariant($"LEAK: there was nothing to find, and {leaking[0].B} is above popularity by {Difference(leaking[0].Of(Figure.Ndcg).Difference)} NDCG@{summary.Headline}.");
    }
}
