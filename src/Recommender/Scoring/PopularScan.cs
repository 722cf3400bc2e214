using System.Numerics;
using Recommender.Popularity;

namespace Recommender.Scoring;

/// <summary>The best by popularity alone: the head of its order where that suffices, else those that may be answered. Allocates nothing.</summary>
internal static class PopularScan
{
    // Of the order at most this much is walked before the mask is read instead: one word of it holds so many items.
    private const int ItemsInWord = 64;
    private const int ShortestHead = 1024;

    /// <summary>Offers all that may be among the best.</summary>
    /// <param name="popularity">Of the items.</param>
    /// <param name="eligible">Items that may be answered.</param>
    /// <param name="excluded">Those of them that may not.</param>
    /// <param name="boosts">Of scores.</param>
    /// <param name="heap">Empty.</param>
    public static void Offer(ItemPopularity popularity, ItemMask eligible, ItemMask excluded, ReadOnlySpan<Boost> boosts, ref TopHeap heap)
    {
        if (heap.IsEmpty) return;
        float greatest = 1;
        foreach (Boost boost in boosts) greatest *= Math.Max(1, boost.Factor);
        ReadOnlySpan<int> order = popularity.Order;
        ReadOnlySpan<float> means = popularity.Means;
        int head = Math.Min(order.Length, Math.Max(ShortestHead, order.Length / ItemsInWord));
        for (int at = 0; at < head; at++)
        {
            int item = order[at];
            // In their order equals come by their numbers: without boosts none gets in behind a full list.
            if (heap.IsFull && (boosts.IsEmpty || Boost.Applied(means[item], greatest) < heap.Threshold)) return;
            if (eligible[item] && !excluded[item]) heap.Offer(item, Boost.Applied(means[item], Boost.FactorOf(boosts, item)));
        }
        if (head < order.Length) OfferTail(popularity, head, eligible, excluded, boosts, ref heap);
    }

    // What is not in the head, in any order.
    private static void OfferTail(ItemPopularity popularity, int head, ItemMask eligible, ItemMask excluded, ReadOnlySpan<Boost> boosts, ref TopHeap heap)
    {
        ReadOnlySpan<float> means = popularity.Means;
        int last = popularity.Order[head - 1];
        for (int word = 0; word * ItemsInWord < means.Length; word++)
        {
            for (ulong open = eligible.Words[word] & ~excluded.Words[word]; open != 0; open &= open - 1)
            {
                int item = word * ItemsInWord + BitOperations.TrailingZeroCount(open);
                if (item >= means.Length) return;
                if (means[item] > means[last] || (means[item] == means[last] && item <= last)) continue;
                float score = Boost.Applied(means[item], Boost.FactorOf(boosts, item));
                if (!heap.IsFull || score >= heap.Threshold) heap.Offer(item, score);
            }
        }
    }
}
