using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Similarity;

/// <summary>
/// Fits <see cref="ItemNeighbours"/> by RP3beta: the similarity of j to i is the probability to walk from i to one of its customers
/// and on to j, each step's probability to the power of alpha, over popularity of j to the power of beta.
/// Each item depends on nothing but the data, so the result has the same bytes at any number of threads. Memory: the result and
/// two arrays of one number an item for each thread.
/// </summary>
internal static class RandomWalk
{
    public static ItemNeighbours Fit(InteractionMatrix interactions, RandomWalkOptions options, int threads, Action<int>? fitted, CancellationToken cancellation)
    {
        InteractionMatrix customersOf = interactions.Transpose();
        int items = interactions.ColumnCount;
        float[] customerDegree = Degrees(interactions), itemDegree = Degrees(customersOf);
        var neighbours = new ScoredItem[items][];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, items, parallel, () => new Walk(items), (item, _, walk) =>
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
                    walk.Add(others.Columns[j], toCustomer * toItem);
                }
            }
            neighbours[item] = walk.Nearest(item, itemDegree, options);
            fitted?.Invoke(1);
            return walk;
        }, _ => { });
        return Compress(neighbours);
    }

    private static double Power(double probability, double alpha) => alpha == 1 ? probability : Math.Pow(probability, alpha);

    private static float[] Degrees(InteractionMatrix matrix)
    {
        var degrees = new float[matrix.RowCount];
        for (int row = 0; row < degrees.Length; row++) degrees[row] = matrix.Row(row).Total;
        return degrees;
    }

    private static ItemNeighbours Compress(ScoredItem[][] neighbours)
    {
        var starts = new long[neighbours.Length + 1];
        for (int item = 0; item < neighbours.Length; item++) starts[item + 1] = starts[item] + neighbours[item].Length;
        var items = new int[starts[^1]];
        var similarities = new float[starts[^1]];
        for (int item = 0; item < neighbours.Length; item++)
        {
            for (int k = 0; k < neighbours[item].Length; k++)
                (items[starts[item] + k], similarities[starts[item] + k]) = (neighbours[item][k].Item, neighbours[item][k].Score);
        }
        return new ItemNeighbours(starts, items, similarities);
    }

    /// <summary>One thread's sums for the item it is at.</summary>
    private sealed class Walk(int items)
    {
        private readonly double[] _reached = new double[items];
        private readonly List<int> _touched = [];
        private ScoredItem[] _nearest = [];

        public void Add(int item, double probability)
        {
            if (_reached[item] == 0) _touched.Add(item);
            _reached[item] += probability;
        }

        public ScoredItem[] Nearest(int from, float[] degrees, RandomWalkOptions options)
        {
            if (_nearest.Length == 0) _nearest = new ScoredItem[options.Neighbours];
            var top = new TopHeap(_nearest);
            foreach (int item in _touched)
            {
                if (item != from) top.Offer(item, (float)(_reached[item] / Math.Pow(degrees[item], options.Beta)));
                _reached[item] = 0;
            }
            _touched.Clear();
            return _nearest.AsSpan(0, top.Finish()).ToArray();
        }
    }
}
