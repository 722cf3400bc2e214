using System.Numerics;
using Recommender.ColdStart;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// Scores the items that a model has not learned beside those it has: by their own placed factors, and for the rest (neighbours, prior) by
/// their look-alikes. Each is worked out when it is asked for, so that those that may not be answered cost nothing. One at a time uses it;
/// it allocates only when there are newcomers for the first time.
/// </summary>
internal sealed unsafe class NewcomerScores(VectorKernels kernels)
{
    private Newcomers _newcomers = Newcomers.None(0);
    // What the neighbours add to each known item, of the last personalised call.
    private float[] _ofNeighbours = [];
    private float _prior;

    public Newcomers Newcomers
    {
        get => _newcomers;
        set
        {
            _newcomers = value;
            if (!value.Blocks.IsEmpty && _ofNeighbours.Length < value.KnownItems) _ofNeighbours = new float[value.KnownItems];
        }
    }

    /// <summary>Keeps what is to be added to the product of each newcomer's factors: what is added to known items, as it is now.</summary>
    public void Take(AddedScores known)
    {
        _prior = known.Weight;
        known.Values[..Newcomers.KnownItems].CopyTo(_ofNeighbours);
    }

    /// <summary>Raises what a known item is worth to its look-alikes.</summary>
    public void Raise(int item, float more) => _ofNeighbours[item] += more;

    /// <summary>Offers every newcomer that may be answered.</summary>
    public void Offer(FactorMatrix vector, ItemMask eligible, ItemMask excluded, ref TopHeap heap)
    {
        ReadOnlySpan<Newcomers.Block?> blocks = _newcomers.Blocks;
        float* scores = stackalloc float[Newcomers.Four];
        for (int block = 0; block < blocks.Length; block++)
        {
            int word = _newcomers.FirstWord + block, scored = -1;
            for (ulong open = Open(blocks[block], word, eligible, excluded); open != 0; open &= open - 1)
            {
                int at = BitOperations.TrailingZeroCount(open);
                if (at / Newcomers.Four != scored) ScoreFour(blocks[block]!, at, vector, scores);
                scored = at / Newcomers.Four;
                heap.Offer(word * 64 + at, scores[at % Newcomers.Four] + Added(blocks[block]!.Items[at]!));
            }
        }
    }

    /// <summary>The score of one, eligible or not, the same to the bit as in <see cref="Offer"/>.</summary>
    public float Score(FactorMatrix vector, int item)
    {
        Newcomers.Block block = _newcomers.Blocks[item / 64 - _newcomers.FirstWord]!;
        float* scores = stackalloc float[Newcomers.Four];
        ScoreFour(block, item % 64, vector, scores);
        return scores[item % Newcomers.Four] + Added(block.Items[item % 64]!);
    }

    /// <summary>A newcomer's factors with their padding.</summary>
    public ReadOnlySpan<float> Row(int item) => _newcomers.Blocks[item / 64 - _newcomers.FirstWord]!.PaddedRow(item % 64);

    /// <summary>Offers newcomers by what their look-alikes score.</summary>
    public void OfferSimilar(ReadOnlySpan<float> known, ItemMask eligible, ItemMask excluded, ref TopHeap heap)
    {
        ReadOnlySpan<Newcomers.Block?> blocks = _newcomers.Blocks;
        for (int block = 0; block < blocks.Length; block++)
        {
            int word = _newcomers.FirstWord + block;
            for (ulong open = Open(blocks[block], word, eligible, excluded); open != 0; open &= open - 1)
            {
                int at = BitOperations.TrailingZeroCount(open);
                float score = OfLookalikes(blocks[block]!.Items[at]!, known);
                if (score > 0) heap.Offer(word * 64 + at, score);
            }
        }
    }

    // Those of a word that are placed and may be answered.
    private static ulong Open(Newcomers.Block? block, int word, ItemMask eligible, ItemMask excluded) =>
        block is null || word >= eligible.Words.Length ? 0 : block.Placed & eligible.Words[word] & ~excluded.Words[word];

    private void ScoreFour(Newcomers.Block block, int at, FactorMatrix vector, float* scores)
    {
        fixed (float* rows = block.RowsAround(at)) kernels.Score(rows, Newcomers.Four, block.Stride, vector.Start, scores);
    }

    private float Added(Newcomer newcomer) => _prior * newcomer.Popularity + OfLookalikes(newcomer, _ofNeighbours);

    private static float OfLookalikes(Newcomer newcomer, ReadOnlySpan<float> known)
    {
        ReadOnlySpan<int> lookalikes = newcomer.Lookalikes.AsSpan();
        ReadOnlySpan<float> shares = newcomer.Shares.AsSpan();
        float sum = 0;
        for (int k = 0; k < lookalikes.Length; k++) sum += shares[k] * known[lookalikes[k]];
        return sum;
    }
}
