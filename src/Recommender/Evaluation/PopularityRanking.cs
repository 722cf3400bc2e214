using Recommender.Interactions;
using Recommender.Popularity;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>What everybody wants, the same for everybody: a model below it is worth nothing.</summary>
public sealed class PopularityRanking(InteractionMatrix train) : IRanking
{
    private readonly ItemPopularity _popularity = ItemPopularity.Of(train);

    public string Name => "popularity";

    public IRanker Ranker(int count) => new OfThread(_popularity, count);

    private sealed class OfThread(ItemPopularity popularity, int count) : IRanker
    {
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, popularity.Means.Length)];

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            int found = 0;
            foreach (int item in popularity.Order)
            {
                if (found == _top.Length) break;
                if (eligible[item] && excluded.BinarySearch(item) < 0) _top[found++] = new ScoredItem(item, popularity.Means[item]);
            }
            return _top.AsSpan(0, found);
        }
    }
}
