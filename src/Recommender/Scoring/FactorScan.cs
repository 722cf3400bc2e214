using System.Numerics;
using System.Runtime.Intrinsics;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>Scores every eligible item and keeps the best: exact by construction. Allocates nothing.</summary>
internal sealed unsafe class FactorScan(FactorMatrix items, VectorKernels kernels)
{
    // A word of the mask is scored whole when more of its items are eligible than this, else in groups of four.
    private const int SparseWord = 12;

    /// <param name="vector">One padded row of the items' stride.</param>
    /// <param name="added">Added to each item's product, by item; null adds nothing.</param>
    /// <param name="eligible">Items that may be answered; of its numbers those of the model count.</param>
    /// <param name="excluded">Those of them that may not.</param>
    /// <param name="top">Filled with the best, best first; how many is returned.</param>
    /// <param name="boosts">Of scores.</param>
    public int Best(FactorMatrix vector, AddedScores? added, ItemMask eligible, ItemMask excluded, Span<ScoredItem> top, ReadOnlySpan<Boost> boosts = default)
    {
        var heap = new TopHeap(top);
        Offer(vector, added, eligible, excluded, ref heap, boosts);
        return heap.Finish();
    }

    /// <summary>Fills each query's <see cref="ScanQuery.Top"/> with its best, the same to the bit as one at a time.</summary>
    public void BestOfEach(ReadOnlySpan<ScanQuery> queries)
    {
        foreach (ScanQuery query in queries) query.Found = 0;
        OfferMany(queries);
        foreach (ScanQuery query in queries) query.Found = new TopHeap(query.Top, query.Found).Finish();
    }

    /// <summary>Offers each query every item that may be answered: its <see cref="ScanQuery.Top"/> stays a heap, for others to offer to.</summary>
    public void OfferMany(ReadOnlySpan<ScanQuery> queries)
    {
        foreach (ScanQuery query in queries)
        {
            var heap = new TopHeap(query.Top, query.Found);
            Offer(query.Vector, query.Added, query.Eligible, query.Excluded, ref heap, query.Boosts.AsSpan());
            query.Found = heap.Count;
        }
    }

    /// <summary>Offers every item that may be answered.</summary>
    public void Offer(FactorMatrix vector, AddedScores? added, ItemMask eligible, ItemMask excluded, ref TopHeap heap, ReadOnlySpan<Boost> boosts = default)
    {
        if (eligible.Length < items.Rows || excluded.Length < items.Rows)
            throw new ArgumentException($"The masks cover {eligible.Length} and {excluded.Length} items, the model has {items.Rows}.", nameof(eligible));
        if (heap.IsEmpty) return;
        float* scores = stackalloc float[64];
        // The masks may go on for items that the model has not learned.
        int words = (items.Rows + 63) / 64;
        ulong ofLastWord = ulong.MaxValue >> (-items.Rows & 63);
        ReadOnlySpan<ulong> allowed = eligible.Words[..words], barred = excluded.Words[..words];
        for (int word = 0; word < words; word++)
        {
            ulong open = allowed[word] & ~barred[word];
            if (word == words - 1) open &= ofLastWord;
            if (open == 0) continue;
            ScoreWord(word, open, vector.Start, added, boosts, scores);
            if (heap.IsFull) open &= Above(scores, heap.Threshold);
            for (; open != 0; open &= open - 1)
            {
                int bit = BitOperations.TrailingZeroCount(open);
                heap.Offer(word * 64 + bit, scores[bit]);
            }
        }
    }

    /// <summary>The score of one item, the same to the bit as in <see cref="Best"/>.</summary>
    public float Score(FactorMatrix vector, AddedScores? added, int item, ReadOnlySpan<Boost> boosts = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)items.Rows, nameof(item));
        float* scores = stackalloc float[64];
        ScoreWord(item >> 6, 1UL << (item & 63), vector.Start, added, boosts, scores);
        return scores[item & 63];
    }

    private void ScoreWord(int word, ulong open, float* vector, AddedScores? added, ReadOnlySpan<Boost> boosts, float* scores)
    {
        float* rows = items.Start + (nint)word * 64 * items.Stride;
        if (BitOperations.PopCount(open) > SparseWord)
        {
            kernels.Score(rows, 64, items.Stride, vector, scores);
        }
        else
        {
            for (int first = 0; first < 64; first += 4)
            {
                if ((open >> first & 0xF) != 0) kernels.Score(rows + (nint)first * items.Stride, 4, items.Stride, vector, scores + first);
            }
        }
        for (int k = 0; k < 64 && word * 64 + k < items.Rows; k++)
        {
            if (added is not null) scores[k] += added.Of(word * 64 + k);
            if (!boosts.IsEmpty) scores[k] = Boost.Applied(scores[k], Boost.FactorOf(boosts, word * 64 + k));
        }
    }

    // Bit k where scores[k] is above. Items come in ascending order, so an equal score would lose to the one that is there.
    private static ulong Above(float* scores, float threshold)
    {
        Vector256<float> bound = Vector256.Create(threshold);
        ulong above = 0;
        for (int k = 0; k < 64; k += 8)
            above |= (ulong)Vector256.GreaterThan(Vector256.Load(scores + k), bound).ExtractMostSignificantBits() << k;
        return above;
    }
}
