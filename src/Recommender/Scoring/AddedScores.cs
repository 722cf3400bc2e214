using System.Runtime.Intrinsics;

namespace Recommender.Scoring;

/// <summary>
/// What is added to the products of items and a vector: a weight times what is fixed of every item (its popularity), and numbers of the
/// items that something speaks for or against. Of every 64 items it knows a bound, so that a scan passes over those that cannot win. One
/// at a time uses it; it allocates nothing.
/// </summary>
internal sealed class AddedScores
{
    /// <summary>Items that share a bound: those of one word of an <see cref="ItemMask"/>.</summary>
    public const int Block = 64;

    private readonly float[] _fixed;
    // Of what is fixed, by block.
    private readonly float[] _greatestFixed;
    private readonly float[] _values;
    // Of the values, by block and never below 0: most items of most blocks have none.
    private readonly float[] _greatest;
    private readonly bool[] _isTouched;
    private readonly int[] _touched;
    private int _touchedBlocks;

    /// <param name="fixedScores">One an item; finite.</param>
    public AddedScores(ReadOnlySpan<float> fixedScores)
    {
        int blocks = (fixedScores.Length + Block - 1) / Block;
        Items = fixedScores.Length;
        (_fixed, _values) = (new float[blocks * Block], new float[blocks * Block]);
        (_greatestFixed, _greatest, _isTouched, _touched) = (new float[blocks], new float[blocks], new bool[blocks], new int[blocks]);
        fixedScores.CopyTo(_fixed);
        for (int block = 0; block < blocks; block++)
        {
            ReadOnlySpan<float> ofBlock = fixedScores[(block * Block)..Math.Min(Items, (block + 1) * Block)];
            _greatestFixed[block] = ofBlock[0];
            foreach (float one in ofBlock) _greatestFixed[block] = Math.Max(_greatestFixed[block], one);
        }
    }

    public int Items { get; }

    /// <summary>Of what is fixed; 0 or more.</summary>
    public float Weight { get; private set; }

    /// <summary>What is fixed, padded to whole blocks.</summary>
    public ReadOnlySpan<float> Fixed => _fixed;

    /// <summary>The greatest that is fixed of a block's items, one a block.</summary>
    public ReadOnlySpan<float> GreatestFixed => _greatestFixed;

    /// <summary>What was added, padded to whole blocks.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>At least the greatest of a block's values and at least 0, one a block.</summary>
    public ReadOnlySpan<float> Greatest => _greatest;

    /// <summary>Blocks whose items' values may be other than 0, each once, in the order in which they came.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedBlocks);

    /// <summary>What an item's product gets in all. Nothing else adds it up, so that the same item has the same score everywhere.</summary>
    public float Of(int item) => _values[item] + Weight * _fixed[item];

    /// <summary>What was added to one item.</summary>
    public float this[int item] => _values[item];

    /// <summary>Begins anew with a weight and no values.</summary>
    public void Start(float weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        Weight = weight;
        foreach (int block in Touched)
        {
            _values.AsSpan(block * Block, Block).Clear();
            (_greatest[block], _isTouched[block]) = (0, false);
        }
        _touchedBlocks = 0;
    }

    /// <summary>Adds to the score of an item.</summary>
    public void Add(int item, float more)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)Items, nameof(item));
        int block = item / Block;
        if (!_isTouched[block]) (_isTouched[block], _touched[_touchedBlocks++]) = (true, block);
        _values[item] += more;
        // Written so that what is no number is not passed over.
        if (!(_values[item] <= _greatest[block])) _greatest[block] = _values[item];
    }

    /// <summary>Adds a multiple of others' scores.</summary>
    public unsafe void Add(SparseScores others, float factor)
    {
        ReadOnlySpan<float> from = others.Values;
        ArgumentOutOfRangeException.ThrowIfNotEqual(others.Items, Items, nameof(others));
        fixed (float* first = from, values = _values)
        {
            foreach (int line in others.Touched)
            {
                int block = line / (Block / SparseScores.Line);
                if (!_isTouched[block]) (_isTouched[block], _touched[_touchedBlocks++]) = (true, block);
                float* more = first + line * SparseScores.Line, to = values + line * SparseScores.Line;
                Vector256<float> low = Vector256.Load(to) + Vector256.Load(more) * factor, high = Vector256.Load(to + 8) + Vector256.Load(more + 8) * factor;
                low.Store(to);
                high.Store(to + 8);
                // Max gives what is no number where one is.
                Vector256<float> greater = Vector256.Max(low, high);
                Vector128<float> greatest = Vector128.Max(greater.GetLower(), greater.GetUpper());
                greatest = Vector128.Max(greatest, Vector128.Shuffle(greatest, Vector128.Create(2, 3, 0, 1)));
                greatest = Vector128.Max(greatest, Vector128.Shuffle(greatest, Vector128.Create(1, 0, 3, 2)));
                if (!(greatest[0] <= _greatest[block])) _greatest[block] = greatest[0];
            }
        }
    }
}
