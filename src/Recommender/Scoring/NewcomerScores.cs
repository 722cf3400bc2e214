using System.Numerics;
using System.Numerics.Tensors;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Repeats;

namespace Recommender.Scoring;

/// <summary>
/// Scores the items that a model has not learned beside those it has: by their own placed factors, and for the rest (neighbours, prior) by
/// their look-alikes. What look-alikes are worth is added up for eight at once if one of them may be answered; factors are multiplied only
/// where the score may be enough. One at a time uses it; it allocates only when there are newcomers for the first time, or a longer history
/// than ever before.
/// </summary>
internal sealed unsafe class NewcomerScores(AddedScores known, VectorKernels kernels)
{
    private Newcomers _newcomers = Newcomers.None(known.Items);
    // Known items whose worth to their look-alikes is another than what is added to themselves, and that worth.
    private ItemMask _isKept = new(0);
    private int[] _kept = new int[64];
    private float[] _worths = new float[64];
    private int _count;

    public Newcomers Newcomers
    {
        get => _newcomers;
        set
        {
            _newcomers = value;
            if (!value.Blocks.IsEmpty && _isKept.Length == 0) _isKept = new ItemMask(known.Items);
        }
    }

    /// <summary>
    /// Keeps what is added by now to items whose own scores are still to be changed by what is said of nobody but themselves. To all other
    /// items and to all that look alike the same is added.
    /// </summary>
    public void Keep(ReadOnlySpan<int> history, ReadOnlySpan<int> refused, ReadOnlySpan<DueItem> expected)
    {
        for (int k = 0; k < _count; k++) _isKept.Clear(_kept[k]);
        _count = 0;
        int most = history.Length + refused.Length + expected.Length;
        if (most > _kept.Length) (_kept, _worths) = (new int[most * 2], new float[most * 2]);
        foreach (int item in history) Keep(item);
        foreach (int item in refused) Keep(item);
        foreach (DueItem due in expected) Keep(due.Item);
    }

    /// <summary>Raises what an item of the history is worth to its look-alikes.</summary>
    public void Raise(int item, float more) => _worths[_kept.AsSpan(0, _count).IndexOf(item)] += more;

    /// <summary>Offers every newcomer that may be answered, but for those that are certain to score too little.</summary>
    public void Offer(FactorMatrix vector, ItemMask eligible, ItemMask excluded, ReadOnlySpan<Boost> boosts, ref TopHeap heap)
    {
        ReadOnlySpan<Newcomers.Block?> blocks = _newcomers.Blocks;
        if (blocks.IsEmpty || heap.IsEmpty) return;
        float norm = NormOf(vector);
        // What is worth more to look-alikes than to itself stands in its own place meanwhile.
        for (int k = 0; k < _count; k++) _worths[k] = known.Exchange(_kept[k], _worths[k]);
        fixed (float* worths = known.Values)
        {
            for (int block = 0; block < blocks.Length; block++)
            {
                int word = _newcomers.FirstWord + block;
                ulong open = Open(blocks[block], word, eligible, excluded);
                if (open != 0) OfferReaching(blocks[block]!, word, open, vector, norm, worths, boosts, ref heap);
            }
        }
        for (int k = 0; k < _count; k++) _worths[k] = known.Exchange(_kept[k], _worths[k]);
    }

    /// <summary>The score of one, eligible or not, the same to the bit as in <see cref="Offer"/>.</summary>
    public float Score(FactorMatrix vector, int item, ReadOnlySpan<Boost> boosts)
    {
        Newcomers.Block block = _newcomers.Blocks[item / 64 - _newcomers.FirstWord]!;
        float* scores = stackalloc float[Newcomers.Four];
        ScoreFour(block, item % 64, vector, scores);
        return Boost.Applied(scores[item % Newcomers.Four] + Added(block.Terms, item % 64), Boost.FactorOf(boosts, item));
    }

    /// <summary>
    /// The factors, with their padding, of a newcomer or an item that is known: of a mapped matrix, for as long as the caller keeps it.
    /// </summary>
    public ReadOnlySpan<float> RowOf(int item, FactorMatrix ofKnown)
    {
        if (_newcomers.Contains(item)) return _newcomers.Blocks[item / 64 - _newcomers.FirstWord]!.PaddedRow(item % 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)ofKnown.Rows, nameof(item));
        return ofKnown.PaddedRow(item);
    }

    /// <summary>Offers newcomers by what their look-alikes score.</summary>
    public void OfferSimilar(ReadOnlySpan<float> scores, ItemMask eligible, ItemMask excluded, ReadOnlySpan<Boost> boosts, ref TopHeap heap)
    {
        ReadOnlySpan<Newcomers.Block?> blocks = _newcomers.Blocks;
        for (int block = 0; block < blocks.Length; block++)
        {
            int word = _newcomers.FirstWord + block;
            for (ulong open = Open(blocks[block], word, eligible, excluded); open != 0; open &= open - 1)
            {
                int item = word * 64 + BitOperations.TrailingZeroCount(open);
                Newcomer newcomer = blocks[block]!.Items[item % 64]!;
                float score = 0;
                for (int k = 0; k < newcomer.Lookalikes.Length; k++) score += newcomer.Shares[k] * scores[newcomer.Lookalikes[k]];
                if (score > 0) heap.Offer(item, Boost.Applied(score, Boost.FactorOf(boosts, item)));
            }
        }
    }

    // Those of a word that are placed and may be answered.
    private static ulong Open(Newcomers.Block? block, int word, ItemMask eligible, ItemMask excluded) =>
        block is null || word >= eligible.Words.Length ? 0 : block.Placed & eligible.Words[word] & ~excluded.Words[word];

    // At least the length of a vector, with room for the roundings of a product; no number where no product is bounded.
    private static float NormOf(FactorMatrix vector)
    {
        float norm = TensorPrimitives.Norm(vector.PaddedRow(0));
        return norm is >= FactorCodes.ShortestNorm and <= FactorCodes.LongestNorm
            ? norm * (1 + FactorCodes.Slack(vector.Stride))
            : float.NaN;
    }

    private void OfferReaching(Newcomers.Block block, int word, ulong open, FactorMatrix vector, float norm, float* worths,
        ReadOnlySpan<Boost> boosts, ref TopHeap heap)
    {
        float* added = stackalloc float[64];
        float* scores = stackalloc float[Newcomers.Four];
        // A boost may lift any score to any other.
        float threshold = boosts.IsEmpty && heap.IsFull ? heap.Threshold : float.NegativeInfinity;
        int scored = -1;
        for (open = block.Terms.Reaching(open, threshold, norm, known.Weight, worths, added); open != 0; open &= open - 1)
        {
            int at = BitOperations.TrailingZeroCount(open), item = word * 64 + at;
            float boost = Boost.FactorOf(boosts, item);
            if (Boost.Applied(norm * block.Terms.Norm(at) + added[at], boost) < heap.ThresholdFrom(item)) continue;
            if (at / Newcomers.Four != scored) ScoreFour(block, at, vector, scores);
            scored = at / Newcomers.Four;
            heap.Offer(item, Boost.Applied(scores[at % Newcomers.Four] + added[at], boost));
        }
    }

    private void ScoreFour(Newcomers.Block block, int at, FactorMatrix vector, float* scores)
    {
        fixed (float* rows = block.RowsAround(at)) kernels.Score(rows, Newcomers.Four, block.Stride, vector.Start, scores);
    }

    private float Added(NewcomerTerms terms, int at)
    {
        float sum = 0;
        for (int k = 0; k < terms.Count(at); k++)
        {
            (int item, float share) = terms.Lookalike(at, k);
            sum += share * (_isKept[item] ? _worths[_kept.AsSpan(0, _count).IndexOf(item)] : known[item]);
        }
        return known.Weight * terms.Popularity(at) + sum;
    }

    private void Keep(int item)
    {
        if (_isKept[item]) return;
        _isKept.Set(item);
        (_kept[_count], _worths[_count]) = (item, known[item]);
        _count++;
    }
}
