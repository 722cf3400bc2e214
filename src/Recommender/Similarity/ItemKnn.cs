using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Similarity;

/// <summary>
/// Fits <see cref="ItemNeighbours"/> by the cosine of the items' customers with shrinkage: <c>g_ij / ((g_ii g_jj)^1/2 + shrinkage)</c>,
/// where G counts how often items are had together (Sarwar et al. 2001; shrinkage as in Bell and Koren 2007). Memory as of
/// <see cref="RandomWalk"/>.
/// </summary>
internal static class ItemKnn
{
    public static ItemNeighbours Fit(InteractionMatrix interactions, ItemKnnOptions options, int threads, Action<int>? fitted, CancellationToken cancellation)
    {
        int items = interactions.ColumnCount;
        var together = new CoOccurrence(interactions, options.LongestHistory, options.Activity);
        float[] holdBack = together.HoldBack(options.Popularity);
        var neighbours = new ScoredItem[items][];
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, items, parallel, () => (Sums: new ItemSums(items), Nearest: new ScoredItem[options.Neighbours]), (item, _, scratch) =>
        {
            together.AddRow(item, scratch.Sums);
            var top = new TopHeap(scratch.Nearest);
            foreach (int other in scratch.Sums.Touched)
            {
                double norms = Math.Sqrt(together.Squares[item] * together.Squares[other]);
                if (other != item) top.Offer(other, (float)(scratch.Sums[other] / (norms + options.Shrinkage) * holdBack[other]));
            }
            scratch.Sums.Clear();
            neighbours[item] = scratch.Nearest.AsSpan(0, top.Finish()).ToArray();
            fitted?.Invoke(1);
            return scratch;
        }, _ => { });
        return ItemNeighbours.OfRows(neighbours);
    }
}
