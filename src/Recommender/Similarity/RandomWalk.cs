using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Similarity;

/// <summary>
/// Fits <see cref="ItemNeighbours"/> by RP3beta: the similarity of j to i is the probability to walk from i to one of its customers
/// and on to j, each step's probability to the power of alpha, over popularity of j to the power of beta.
/// Each item depends on nothing but the data, so the result has the same bytes at any number of threads. Memory: the result and
/// two arrays of one number an item for each thread.
/// </summary>
internal static class RandomWalk
{
    public static ItemNeighbours Fit(InteractionMatrix interactions, RandomWalkOptions options, int threads, Action<int>? fitted,
        CancellationToken cancellation)
    {
        InteractionMatrix customersOf = interactions.Transpose();
        int items = interactions.ColumnCount;
        float[] customerDegree = Degrees(interactions), itemDegree = Degrees(customersOf);
        double[] popularity = [.. itemDegree.Select(degree => Math.Pow(degree, options.Beta))];
        var neighbours = new ScoredItem[items][];
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, items, parallel, () => (Reached: new ItemSums(items), Nearest: new ScoredItem[options.Neighbours]), (item, _, scratch) =>
        {
            InteractionRow customers = customersOf.Row(item);
            for (int k = 0; k < customers.Length; k++)
            {
                InteractionRow others = interactions.Row(customers.Columns[k]);
                if (others.Length > options.LongestHistory) continue;
                double toCustomer = Math.Pow(customers.Confidence(k) / itemDegree[item], options.Alpha);
                for (int j = 0; j < others.Length; j++)
                {
                    double toItem = Power(others.Confidence(j) / customerDegree[customers.Columns[k]], options.Alpha);
                    scratch.Reached.Add(others.Columns[j], toCustomer * toItem);
                }
            }
            var top = new TopHeap(scratch.Nearest);
            foreach (int other in scratch.Reached.Touched)
            {
                if (other != item) top.Offer(other, (float)(scratch.Reached[other] / popularity[other]));
            }
            scratch.Reached.Clear();
            neighbours[item] = scratch.Nearest.AsSpan(0, top.Finish()).ToArray();
            fitted?.Invoke(1);
            return scratch;
        }, _ => { });
        return ItemNeighbours.OfRows(neighbours);
    }

    private static double Power(double probability, double alpha) => alpha == 1 ? probability : Math.Pow(probability, alpha);

    private static float[] Degrees(InteractionMatrix matrix)
    {
        var degrees = new float[matrix.RowCount];
        for (int row = 0; row < degrees.Length; row++) degrees[row] = matrix.Row(row).Total;
        return degrees;
    }
}
