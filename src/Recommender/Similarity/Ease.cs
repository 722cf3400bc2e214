using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Similarity;

/// <summary>
/// Fits <see cref="ItemNeighbours"/> by EASE (Steck 2019, "Embarrassingly Shallow Autoencoders"): with <c>P = (G + ridge I)^-1</c> item j
/// is predicted from item i with the weight <c>-p_ij / p_jj</c>; the strongest of each j are kept. One matrix of items x items, inverted in
/// place. The same bytes at any number of threads.
/// </summary>
internal static class Ease
{
    public static ItemNeighbours Fit(InteractionMatrix interactions, EaseOptions options, int threads, Action<int>? fitted, CancellationToken cancellation)
    {
        int items = interactions.ColumnCount;
        if (options.Refusal(items) is { } refusal) throw new ArgumentException(refusal, nameof(interactions));
        var together = new CoOccurrence(interactions, options.LongestHistory, options.Activity);
        float[] holdBack = together.HoldBack(options.Popularity);
        var parallel = Cores.Of(threads, cancellation);
        var matrix = new FactorMatrix(items, Math.Max(1, items));
        Parallel.For(0, items, parallel, () => new ItemSums(items), (item, _, sums) =>
        {
            together.AddRow(item, sums);
            Span<float> row = matrix.MutableRow(item);
            foreach (int other in sums.Touched) row[other] = (float)sums[other];
            row[item] += (float)options.Regularisation;
            sums.Clear();
            return sums;
        }, _ => { });
        SymmetricInverse.Invert(matrix, threads, fitted, cancellation);
        var predictors = new ScoredItem[items][];
        Parallel.For(0, items, parallel, () => new ScoredItem[Math.Min(options.Neighbours, items)], (item, _, strongest) =>
        {
            predictors[item] = Predictors(matrix.Row(item), item, holdBack[item], strongest);
            return strongest;
        }, _ => { });
        return ItemNeighbours.OfColumns(predictors, threads, cancellation);
    }

    private static ScoredItem[] Predictors(ReadOnlySpan<float> row, int item, float scale, Span<ScoredItem> strongest)
    {
        float factor = -scale / row[item];
        var top = new TopHeap(strongest);
        for (int other = 0; other < row.Length; other++)
        {
            if (other != item && row[other] != 0) top.Offer(other, Math.Abs(row[other] * factor));
        }
        ScoredItem[] kept = strongest[..top.Finish()].ToArray();
        for (int k = 0; k < kept.Length; k++) kept[k] = new ScoredItem(kept[k].Item, row[kept[k].Item] * factor);
        return kept;
    }
}
