using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Tests.Evaluation;

/// <summary>A ranking that is known beforehand: the items of each row, best first.</summary>
internal sealed class FixedRanking(string name, Func<int, int[]> itemsOf) : IRanking
{
    public string Name => name;

    public IRanker Ranker(int count) => new OfThread(itemsOf, count);

    private sealed class OfThread(Func<int, int[]> itemsOf, int count) : IRanker
    {
        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            var left = excluded.ToArray();
            return itemsOf(row).Where(item => eligible[item] && !left.Contains(item)).Take(count)
                .Select((item, place) => new ScoredItem(item, -place)).ToArray();
        }
    }
}
