using Recommender.Evaluation;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Models;

/// <summary>The items with the greatest product with a customer's factors: neither popularity nor neighbours have a say.</summary>
internal sealed class FactorRanking(FactorMatrix customers, FactorMatrix items, VectorKernels kernels) : IRanking
{
    public string Name => "factors";

    public IRanker Ranker(int count) => new OfThread(customers, items, kernels, count);

    private sealed class OfThread(FactorMatrix customers, FactorMatrix items, VectorKernels kernels, int count) : IRanker
    {
        private readonly FactorScan _scan = new(items, kernels);
        private readonly FactorMatrix _vector = new(1, items.Factors);
        private readonly ItemMask _excluded = new(items.Rows);
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, items.Rows)];

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            customers.Row(row).CopyTo(_vector.MutableRow(0));
            foreach (int item in excluded) _excluded.Set(item);
            int found = _scan.Best(_vector, added: null, eligible, _excluded, _top);
            foreach (int item in excluded) _excluded.Clear(item);
            return _top.AsSpan(0, found);
        }
    }
}
