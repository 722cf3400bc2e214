using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>Items drawn blindly, others for every customer: what is not above it has found nothing.</summary>
/// <param name="items">How many there are.</param>
/// <param name="seed">Which are drawn. A customer's draws depend on it and on their row alone.</param>
public sealed class RandomRanking(int items, ulong seed) : IRanking
{
    public string Name => "random";

    public IRanker Ranker(int count) => new OfThread(items, seed, count);

    private sealed class OfThread(int items, ulong seed, int count) : IRanker
    {
        private readonly int[] _order = [.. Enumerable.Range(0, items)];
        private readonly int[] _swapped = new int[items];
        private readonly ScoredItem[] _top = new ScoredItem[Math.Min(count, items)];

        public ReadOnlySpan<ScoredItem> Rank(int row, InteractionRow history, ItemMask eligible, ReadOnlySpan<int> excluded)
        {
            SplitMix64 random = SplitMix64.Of(seed, row);
            int found = 0, drawn = 0;
            for (; drawn < items && found < _top.Length; drawn++)
            {
                int other = _swapped[drawn] = drawn + random.Below(items - drawn);
                (_order[drawn], _order[other]) = (_order[other], _order[drawn]);
                int item = _order[drawn];
                if (eligible[item] && excluded.BinarySearch(item) < 0) _top[found++] = new ScoredItem(item, -found);
            }
            // Undone, so that the next customer starts from the same order on every thread.
            while (drawn-- > 0) (_order[drawn], _order[_swapped[drawn]]) = (_order[_swapped[drawn]], _order[drawn]);
            return _top.AsSpan(0, found);
        }
    }
}
