using System.Numerics;
using Recommender.ColdStart;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// Scores the items that a model has not learned beside those it has: by their own placed factors, and for the rest (neighbours, prior) by
/// their look-alikes. One at a time uses it; it allocates only when there are more newcomers than ever before.
/// </summary>
internal sealed unsafe class NewcomerScores(VectorKernels kernels)
{
    private Newcomers _newcomers = Newcomers.None(0);
    private float[] _added = [];

    public Newcomers Newcomers
    {
        get => _newcomers;
        set
        {
            _newcomers = value;
            if (_added.Length < value.Blocks.Length * 64) _added = new float[value.Blocks.Length * 64 * 2];
        }
    }

    /// <summary>Works out what is added to the product of each newcomer's factors.</summary>
    /// <param name="known">What is added to known items', that of the history's own items raised to what a look-alike of them is worth.</param>
    /// <param name="prior">Weight of popularity, which <paramref name="known"/> has in it.</param>
    /// <param name="popularity">Of known items.</param>
    public void Add(ReadOnlySpan<float> known, float prior, ReadOnlySpan<float> popularity)
    {
        ReadOnlySpan<Newcomers.Block?> blocks = _newcomers.Blocks;
        for (int block = 0; block < blocks.Length; block++)
        {
            if (blocks[block] is not { } items) continue;
            for (ulong placed = items.Placed; placed != 0; placed &= placed - 1)
            {
                int at = BitOperations.TrailingZeroCount(placed);
                Newcomer newcomer = items.Items[at]!;
                ReadOnlySpan<int> lookalikes = newcomer.Lookalikes.AsSpan();
                ReadOnlySpan<float> shares = newcomer.Shares.AsSpan();
                float added = prior * newcomer.Popularity;
                for (int k = 0; k < lookalikes.Length; k++) added += shares[k] * (known[lookalikes[k]] - prior * popularity[lookalikes[k]]);
                _added[block * 64 + at] = added;
            }
        }
    }

    /// <summary>Offers every newcomer that may be answered.</summary>
    public void Offer(FactorMatrix vector, ItemMask eligible, ItemMask excluded, ref TopHeap heap)
    {
        ReadOnlySpan<Newcomers.Block?> blocks = _newcomers.Blocks;
        ReadOnlySpan<ulong> allowed = eligible.Words, barred = excluded.Words;
        float* scores = stackalloc float[64];
        for (int block = 0; block < blocks.Length; block++)
        {
            int word = _newcomers.FirstWord + block;
            if (blocks[block] is not { } items || word >= allowed.Length) continue;
            ulong open = items.Placed & allowed[word] & ~barred[word];
            if (open == 0) continue;
            kernels.Score(items.Vectors.Start, 64, items.Vectors.Stride, vector.Start, scores);
            for (; open != 0; open &= open - 1)
            {
                int at = BitOperations.TrailingZeroCount(open);
                heap.Offer(word * 64 + at, scores[at] + _added[block * 64 + at]);
            }
        }
    }

    /// <summary>The score of one, the same to the bit as in <see cref="Offer"/>.</summary>
    public float Score(FactorMatrix vector, int item)
    {
        int block = item / 64 - _newcomers.FirstWord;
        float* scores = stackalloc float[64];
        FactorMatrix vectors = _newcomers.Blocks[block]!.Vectors;
        kernels.Score(vectors.Start, 64, vectors.Stride, vector.Start, scores);
        return scores[item % 64] + _added[block * 64 + item % 64];
    }

    /// <summary>A newcomer's factors with their padding.</summary>
    public ReadOnlySpan<float> Row(int item) => _newcomers.Blocks[item / 64 - _newcomers.FirstWord]!.PaddedRow(item % 64);

    /// <summary>Offers newcomers by what their look-alikes score.</summary>
    public void OfferSimilar(ReadOnlySpan<float> known, ItemMask eligible, ItemMask excluded, ref TopHeap heap)
    {
        Add(known, prior: 0, popularity: known);
        ReadOnlySpan<Newcomers.Block?> blocks = _newcomers.Blocks;
        for (int block = 0; block < blocks.Length; block++)
        {
            int word = _newcomers.FirstWord + block;
            if (blocks[block] is not { } items || word >= eligible.Words.Length) continue;
            for (ulong open = items.Placed & eligible.Words[word] & ~excluded.Words[word]; open != 0; open &= open - 1)
            {
                int at = BitOperations.TrailingZeroCount(open);
                if (_added[block * 64 + at] > 0) heap.Offer(word * 64 + at, _added[block * 64 + at]);
            }
        }
    }
}
