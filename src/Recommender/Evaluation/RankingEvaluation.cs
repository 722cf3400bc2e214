using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Scoring;

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
            throw new ArgumentException($"Train is {train.RowCount} x {train.ColumnCount}, test {test.RowCount} x {test.ColumnCount}: they must agree.", nameof(test));
        int[] customers = [.. Enumerable.Range(0, test.RowCount).Where(row => test.Row(row).Length > 0)];
        if (customers.Length == 0) throw new ArgumentException("Nobody has a test item: there is nothing to measure.", nameof(test));
        if (options.Cutoffs.IsEmpty || options.Cutoffs.Any(cutoff => cutoff < 1)) throw new ArgumentException("Cut-offs are 1 or more.", nameof(options));
        ItemMask eligible = options.Candidates ?? Everything(train.ColumnCount);
        return [.. rankings.Select(ranking => Run(ranking, train, test, customers, eligible, options, ranked, cancellation))];
    }

    private static RankingResult Run(IRanking ranking, InteractionMatrix train, InteractionMatrix test, int[] customers, ItemMask eligible,
        EvaluationOptions options, Action<int>? ranked, CancellationToken cancellation)
    {
        CutoffMetrics[] measured = [.. options.Cutoffs.Select(cutoff => new CutoffMetrics(cutoff, new double[customers.Length], new double[customers.Length],
            new double[customers.Length], new double[customers.Length]))];
        var exposures = new int[train.ColumnCount];
        int longest = options.Cutoffs.Max();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        Parallel.For(0, customers.Length, parallel, () => ranking.Ranker(longest), (k, _, ranker) =>
        {
            InteractionRow history = train.Row(customers[k]);
            ReadOnlySpan<ScoredItem> list = ranker.Rank(customers[k], history, eligible, options.HistoryMayReturn ? [] : history.Columns);
            foreach (CutoffMetrics metrics in measured) RankingMetrics.Of(list, test.Row(customers[k]).Columns, metrics.At).CopyTo(metrics, k);
            // Counts add up to the same in any order.
            foreach (ScoredItem item in list) Interlocked.Increment(ref exposures[item.Item]);
            ranked?.Invoke(1);
            return ranker;
        }, _ => { });
        return new RankingResult(ranking.Name, [.. customers], [.. measured], [.. exposures]);
    }

    private static ItemMask Everything(int items)
    {
        var mask = new ItemMask(items);
        mask.SetAll();
        return mask;
    }
}
