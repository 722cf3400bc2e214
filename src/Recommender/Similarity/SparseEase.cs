using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Similarity;

/// <summary>
/// Fits <see cref="ItemNeighbours"/> by EASE on a given sparsity pattern (Steck 2019, "Markov Random Fields for Collaborative Filtering",
/// which solves the submatrix of each item's neighbours; the selection by cosine is that of fsSLIM, Ning and Karypis 2011): the weights
/// that predict item j from its nearest items N are <c>b = (G_NN + ridge I)^-1 g_Nj</c>. With all items as neighbours it is EASE.
/// Of G only the submatrix at hand exists, counted from the customers of its items. Each item depends on nothing but the data, so the
/// result has the same bytes at any number of threads.
/// </summary>
internal static class SparseEase
{
    public static ItemNeighbours Fit(InteractionMatrix interactions, SparseEaseOptions options, int threads, Action<int>? fitted, CancellationToken cancellation)
    {
        int items = interactions.ColumnCount;
        var together = new CoOccurrence(interactions, options.LongestHistory, options.Activity);
        float[] holdBack = together.HoldBack(options.Popularity);
        var predictors = new ScoredItem[items][];
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, items, parallel, () => new Regression(together, options, interactions.RowCount, cancellation), (item, _, regression) =>
        {
            predictors[item] = regression.Predictors(item, holdBack[item]);
            fitted?.Invoke(1);
            return regression;
        }, _ => { });
        return ItemNeighbours.OfColumns(predictors, threads, cancellation);
    }

    /// <summary>One thread's regressions, one item at a time.</summary>
    private sealed unsafe class Regression
    {
        private readonly CoOccurrence _together;
        private readonly float _ridge;
        private readonly CancellationToken _cancellation;
        private readonly ItemSums _sums;
        private readonly ScoredItem[] _nearest;
        private readonly FactorMatrix _system;
        private readonly float[] _weights;

        // What each customer has of the nearest items, as linked lists: the last entry of a customer, or -1.
        private readonly int[] _last;
        private Entry[] _entries = [];
        private int _count;

        public Regression(CoOccurrence together, SparseEaseOptions options, int customers, CancellationToken cancellation)
        {
            int most = Math.Min(options.Neighbours, together.Totals.Length);
            (_together, _ridge, _cancellation) = (together, (float)options.Regularisation, cancellation);
            _sums = new ItemSums(together.Totals.Length);
            _nearest = new ScoredItem[most];
            _system = new FactorMatrix(most, most);
            _weights = new float[FactorMatrix.StrideFor(Math.Max(1, most))];
            _last = new int[customers];
            Array.Fill(_last, -1);
        }

        /// <summary>The items that predict an item, by their weights times <paramref name="scale"/>.</summary>
        public ScoredItem[] Predictors(int item, float scale)
        {
            ReadOnlySpan<ScoredItem> nearest = Nearest(item);
            int size = nearest.Length, stride = FactorMatrix.StrideFor(Math.Max(1, size));
            new Span<float>(_system.Start, size * stride).Clear();
            Span<float> weights = _weights.AsSpan(0, size);
            // The solver reads on to the stride.
            _weights.AsSpan().Clear();
            MakeRoom(nearest);
            for (int k = 0; k < size; k++) AddColumn(nearest[k].Item, k, stride);
            AddTarget(item, weights);
            foreach (ScoredItem one in nearest) Forget(one.Item);
            for (int k = 0; k < size; k++) _system.Start[k * stride + k] += _ridge;
            Cholesky.Factor(_system.Start, size, stride, VectorKernels.Best);
            fixed (float* solved = _weights) Cholesky.Solve(_system.Start, size, stride, solved, VectorKernels.Best);
            var predictors = new ScoredItem[size];
            int kept = 0;
            for (int k = 0; k < size; k++)
            {
                if (weights[k] * scale is not 0 and float weight) predictors[kept++] = new ScoredItem(nearest[k].Item, weight);
            }
            return predictors[..kept];
        }

        // By the cosine, of which the norm of the item itself is a constant.
        private ReadOnlySpan<ScoredItem> Nearest(int item)
        {
            _together.AddRow(item, _sums);
            var top = new TopHeap(_nearest);
            foreach (int other in _sums.Touched)
            {
                if (other != item) top.Offer(other, (float)(_sums[other] / Math.Sqrt(_together.Squares[other])));
            }
            _sums.Clear();
            return _nearest.AsSpan(0, top.Finish());
        }

        // As many entries as the nearest items have customers, and no more: a thread holds what the most wanted neighbourhood takes.
        private void MakeRoom(ReadOnlySpan<ScoredItem> nearest)
        {
            _count = 0;
            long most = 0;
            foreach (ScoredItem one in nearest) most += _together.CustomersOf.Row(one.Item).Length;
            if (most > _entries.Length) _entries = new Entry[most];
        }

        // Column k of the upper triangle of G_NN, from what its customers have of the columns before.
        private void AddColumn(int item, int k, int stride)
        {
            _cancellation.ThrowIfCancellationRequested();
            float* column = _system.Start + k;
            InteractionRow customers = _together.CustomersOf.Row(item);
            for (int j = 0; j < customers.Length; j++)
            {
                int customer = customers.Columns[j];
                float confidence = customers.Confidence(j), weighted = _together.WeightOf(customer) * confidence;
                if (weighted == 0) continue;
                ref int last = ref _last[customer];
                for (int at = last; at >= 0; at = _entries[at].Before) column[_entries[at].Number * stride] += weighted * _entries[at].Confidence;
                column[k * stride] += weighted * confidence;
                _entries[_count] = new Entry(k, confidence, last);
                last = _count++;
            }
        }

        private void AddTarget(int item, Span<float> products)
        {
            InteractionRow customers = _together.CustomersOf.Row(item);
            for (int j = 0; j < customers.Length; j++)
            {
                float weighted = _together.WeightOf(customers.Columns[j]) * customers.Confidence(j);
                for (int at = _last[customers.Columns[j]]; at >= 0; at = _entries[at].Before)
                    products[_entries[at].Number] += weighted * _entries[at].Confidence;
            }
        }

        private void Forget(int item)
        {
            foreach (int customer in _together.CustomersOf.Row(item).Columns) _last[customer] = -1;
        }

        /// <param name="Number">Which of the nearest items.</param>
        /// <param name="Confidence">What the customer has of it.</param>
        /// <param name="Before">The customer's entry before.</param>
        private readonly record struct Entry(int Number, float Confidence, int Before);
    }
}
