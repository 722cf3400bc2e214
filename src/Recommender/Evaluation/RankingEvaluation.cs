using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>
/// Ranks the whole catalogue for every customer the way a request does (fold-in of the training history, which is then excluded) and
/// compares with what the customer chose afterwards. Popularity is always measured beside: a model below it is worth nothing.
/// </summary>
public static class RankingEvaluation
{
    /// <param name="model">Items are numbered as the columns of both matrices.</param>
    /// <param name="train">The histories, one row a customer.</param>
    /// <param name="test">What they chose afterwards, the same rows. Rows without any are not counted.</param>
    /// <param name="cutoffs">Lengths of list to measure at: 20, or several.</param>
    /// <param name="threads">Cores to use; the figures do not depend on it.</param>
    /// <param name="cancellation">Stops within one customer.</param>
    /// <exception cref="ArgumentException">The shapes differ, or the test part is empty.</exception>
    public static EvaluationResult Run(TrainedModel model, InteractionMatrix train, InteractionMatrix test, IReadOnlyList<int> cutoffs,
        int threads, CancellationToken cancellation)
    {
        if (train.RowCount != test.RowCount || train.ColumnCount != test.ColumnCount || train.ColumnCount != model.Items.Count)
        {
            throw new ArgumentException($"Train is {train.RowCount} x {train.ColumnCount}, test {test.RowCount} x {test.ColumnCount}, "
                + $"the model has {model.Items.Count} items: they must agree.", nameof(test));
        }
        int[] customers = [.. Enumerable.Range(0, test.RowCount).Where(row => test.Row(row).Length > 0)];
        if (customers.Length == 0) throw new ArgumentException("Nobody has a test item: there is nothing to measure.", nameof(test));
        if (cutoffs.Count == 0 || cutoffs.Any(cutoff => cutoff < 1)) throw new ArgumentException("Cut-offs are 1 or more.", nameof(cutoffs));

        var personalised = new RankingMetrics[customers.Length, cutoffs.Count];
        var popular = new RankingMetrics[customers.Length, cutoffs.Count];
        var everything = new ItemMask(model.Items.Count);
        everything.SetAll();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, customers.Length, parallel, () => new Ranker(model, everything, cutoffs.Max()), (k, _, ranker) =>
        {
            InteractionRow history = train.Row(customers[k]);
            ReadOnlySpan<int> chosen = test.Row(customers[k]).Columns;
            ReadOnlySpan<ScoredItem> ranked = ranker.Personalised(history);
            for (int c = 0; c < cutoffs.Count; c++) personalised[k, c] = RankingMetrics.Of(ranked, chosen, cutoffs[c]);
            ranked = ranker.Popular(history);
            for (int c = 0; c < cutoffs.Count; c++) popular[k, c] = RankingMetrics.Of(ranked, chosen, cutoffs[c]);
            return ranker;
        }, _ => { });
        return new EvaluationResult(customers.Length, Means(personalised, cutoffs), Means(popular, cutoffs));
    }

    // Summed in the order of customers, so that threads do not show in the last digit.
    private static ImmutableArray<MeanMetrics> Means(RankingMetrics[,] each, IReadOnlyList<int> cutoffs) =>
    [
        .. cutoffs.Select((cutoff, c) =>
        {
            double recall = 0, ndcg = 0;
            for (int k = 0; k < each.GetLength(0); k++) (recall, ndcg) = (recall + each[k, c].Recall, ndcg + each[k, c].Ndcg);
            return new MeanMetrics(cutoff, recall / each.GetLength(0), ndcg / each.GetLength(0));
        }),
    ];

    /// <summary>One thread's scorer and lists.</summary>
    private sealed class Ranker(TrainedModel model, ItemMask eligible, int count)
    {
        private readonly Scorer _scorer = new(model);
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, model.Items.Count)];
        private float[] _ones = [];

        public ReadOnlySpan<ScoredItem> Personalised(InteractionRow history)
        {
            ReadOnlySpan<float> confidences = history.Confidences;
            if (confidences.IsEmpty)
            {
                if (_ones.Length < history.Length)
                {
                    _ones = new float[history.Length * 2];
                    Array.Fill(_ones, 1);
                }
                confidences = _ones.AsSpan(0, history.Length);
            }
            return _top.AsSpan(0, _scorer.Personalised(history.Columns, confidences, eligible, history.Columns, _top));
        }

        public ReadOnlySpan<ScoredItem> Popular(InteractionRow history) => _top.AsSpan(0, _scorer.Popular(eligible, history.Columns, _top));
    }
}

/// <summary>Figures of a model, and of popularity on the same customers.</summary>
/// <param name="Customers">How many had test items.</param>
/// <param name="Model">One entry a cut-off.</param>
/// <param name="Popularity">The same for the list of what everybody wants.</param>
public sealed record EvaluationResult(int Customers, ImmutableArray<MeanMetrics> Model, ImmutableArray<MeanMetrics> Popularity);

/// <param name="At">Length of the list.</param>
/// <param name="Recall">Mean over customers of the part of their test items in the list.</param>
/// <param name="Ndcg">Mean over customers of the discounted gain over that of the best possible list.</param>
public sealed record MeanMetrics(int At, double Recall, double Ndcg);
