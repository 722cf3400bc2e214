namespace Recommender.Scoring;

/// <summary>What is fixed of every item of a model, such as its popularity, laid out for scans; all scorers of a model share it.</summary>
internal sealed class FixedScores
{
    private readonly float[] _values;
    private readonly float[] _greatest;

    /// <param name="scores">One an item; finite.</param>
    public FixedScores(ReadOnlySpan<float> scores)
    {
        (Items, Blocks) = (scores.Length, (scores.Length + AddedScores.Block - 1) / AddedScores.Block);
        int paddedBlocks = (Blocks + FactorCodes.BlocksAtOnce - 1) / FactorCodes.BlocksAtOnce * FactorCodes.BlocksAtOnce;
        (_values, _greatest) = (new float[Blocks * AddedScores.Block], new float[paddedBlocks]);
        scores.CopyTo(_values);
        for (int block = 0; block < Blocks; block++)
        {
            ReadOnlySpan<float> ofBlock = scores[(block * AddedScores.Block)..Math.Min(Items, (block + 1) * AddedScores.Block)];
            _greatest[block] = ofBlock[0];
            foreach (float one in ofBlock) _greatest[block] = Math.Max(_greatest[block], one);
        }
    }

    public int Items { get; }

    /// <summary>Of <see cref="AddedScores.Block"/> items each.</summary>
    public int Blocks { get; }

    /// <summary>One an item, padded to whole blocks.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The greatest of a block's items, one a block, padded to <see cref="FactorCodes.BlocksAtOnce"/>.</summary>
    public ReadOnlySpan<float> Greatest => _greatest;
}
