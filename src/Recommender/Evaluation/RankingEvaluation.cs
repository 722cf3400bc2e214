using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Evaluation;

/// <summary>
/// Ranks the whole catalogue for every customer with test items, by each of several rankings, and compares with what the customer chose.
/// </summary>
public static class RankingEvaluation
{
    /// <summary>One result a ranking, in their order.</summary>
    /// <param name="rankings">What is compared, on the same customers.</param>
    /// <param name="train">The histories, one row a customer.</param>
    /// <param name="test">What they chose beyond them, the same rows and columns. Rows without any are not counted.</param>
    /// <param name="options">How it is measured.</param>
    /// <param name="ranked">Called with the number of customers just done, from any thread; in all customers x rankings.</param>
    /// <param name="cancellation">Stops within one customer.</param>
    /// <exception cref="ArgumentException">The shapes differ, or nobody has a test item.</exception>
    public static ImmutableArray<RankingResult> Run(IReadOnlyList<IRanking> rankings, InteractionMatrix train, InteractionMatrix test,
        EvaluationOptions options, Action<int>? ranked, CancellationToken cancellation)
    {
        if (train.RowCount != test.RowCount || train.ColumnCount != test.ColumnCount)
            throw new ArgumentException(
                $"Train is {train.RowCount} x {train.ColumnCount}, test {test.RowCount} x {test.ColumnCount}: they must agree.",
                nameof(test));
        int[] customers = [.. Enumerable.Range(0, test.RowCount).Where(row => test.Row(row).Length > 0)];
        if (customers.Length == 0) throw new ArgumentException("Nobody has a test item: there is nothing to measure.", nameof(test));
        if (options.Cutoffs.IsEmpty || options.Cutoffs.Any(cutoff => cutoff < 1)) throw new ArgumentException("Cut-offs are 1 or more.", nameof(options));
        ItemMask eligible = options.Candidates ?? Everything(train.ColumnCount);
        double[] information = RankingTally.Information(train);
        return [.. rankings.Select(ranking => Run(ranking, train, test, customers, eligible, information, options, ranked, cancellation))];
    }

    private static RankingResult Run(IRanking ranking, InteractionMatrix train, InteractionMatrix test, int[] customers, ItemMask eligible,
        double[] information, EvaluationOptions options, Action<int>? ranked, CancellationToken cancellation)
    {
        double[] Empty() => new double[customers.Length];
        CutoffMetrics[] measured = [.. options.Cutoffs.Select(cutoff => new CutoffMetrics(cutoff, Empty(), Empty(), Empty(), Empty()) { Novelty = Empty() })];
        int[][] exposures = RankingTally.Counters(measured.Length, train.ColumnCount), hits = RankingTally.Counters(measured.Length, train.ColumnCount);
        int longest = options.Cutoffs.Max();
        var parallel = Cores.Of(options.Threads, cancellation);
        Parallel.For(0, customers.Length, parallel, () => new RankingTally(ranking.Ranker(longest), measured.Length, train.ColumnCount), (k, _, tally) =>
        {
            InteractionRow history = train.Row(customers[k]);
            ReadOnlySpan<ScoredItem> list = tally.Ranker.Rank(customers[k], history, eligible, options.HistoryMayReturn ? [] : history.Columns);
            tally.Take(list, test.Row(customers[k]).Columns, measured, information, k);
            ranked?.Invoke(1);
            return tally;
        }, tally => tally.AddTo(exposures, hits));
        return new RankingResult(ranking.Name, [.. customers],
            [.. measured.Select((metrics, cutoff) => metrics with { Exposures = [.. exposures[cutoff]], Hits = [.. hits[cutoff]] })],
            [.. exposures[options.Cutoffs.IndexOf(longest)]]);
    }

    private static ItemMask Everything(int items)
    {
        var mask = new ItemMask(items);
        mask.SetAll();
        return mask;
    }
}
