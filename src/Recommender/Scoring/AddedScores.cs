using System.Runtime.CompilerServices;
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

    private readonly FixedScores _fixed;
    private readonly float[] _values;
    // Of the values, by block and never below 0: most items of most blocks have none.
    private readonly float[] _greatest;
    private readonly bool[] _isTouched;
    // One longer than needed: a block is written behind the last before it is known to be new.
    private readonly int[] _touched;
    private int _touchedBlocks;

    /// <param name="fixedScores">Kept, not copied.</param>
    public AddedScores(FixedScores fixedScores)
    {
        _fixed = fixedScores;
        (_values, _greatest) = (new float[fixedScores.Values.Length], new float[fixedScores.Greatest.Length]);
        (_isTouched, _touched) = (new bool[fixedScores.Blocks], new int[fixedScores.Blocks + 1]);
    }

    public int Items => _fixed.Items;

    /// <summary>Of what is fixed; 0 or more.</summary>
    public float Weight { get; private set; }

    /// <summary>What is fixed, padded to whole blocks.</summary>
    public ReadOnlySpan<float> Fixed => _fixed.Values;

    /// <summary>The greatest that is fixed of a block's items, one a block, padded to <see cref="FactorCodes.BlocksAtOnce"/>.</summary>
    public ReadOnlySpan<float> GreatestFixed => _fixed.Greatest;

    /// <summary>What was added, padded to whole blocks.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>
    /// At least the greatest of a block's values and at least 0, one a block, padded to <see cref="FactorCodes.BlocksAtOnce"/>.
    /// </summary>
    public ReadOnlySpan<float> Greatest => _greatest;

    /// <summary>Blocks whose items' values may be other than 0, each once, in the order in which they came.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedBlocks);

    /// <summary>What an item's product gets in all. Nothing else adds it up, so that the same item has the same score everywhere.</summary>
    public float Of(int item) => _values[item] + Weight * _fixed.Values[item];

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
        // What is no number counts as the lowest of scores and needs no bound.
        if (_values[item] > _greatest[block]) _greatest[block] = _values[item];
    }

    /// <summary>Puts another value in an item's place, until the one that stood there is put back: bounds know nothing of it.</summary>
    public float Exchange(int item, float value)
    {
        float before = _values[item];
        _values[item] = value;
        return before;
    }

    /// <summary>
    /// Adds a multiple of numbers and leaves zeros in their place. Neither what is there already nor what becomes of it is infinite or no
    /// number: a bound forgets the others of its block then.
    /// </summary>
    public unsafe void Take(SparseScores numbers, float factor)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(numbers.Items, Items, nameof(numbers));
        fixed (float* values = _values)
        {
            if (numbers.IsWhole)
            {
                for (int block = 0; block < _isTouched.Length; block++) Take(numbers.Start, values, block * Block, Block, factor);
            }
            else
            {
                foreach (int line in numbers.Touched) Take(numbers.Start, values, line * SparseScores.Line, SparseScores.Line, factor);
            }
        }
        numbers.Forget();
    }

    // Of items of one block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Take(float* numbers, float* values, int first, int count, float factor)
    {
        int block = first / Block;
        // As often new as not, so without branches.
        _touched[_touchedBlocks] = block;
        _touchedBlocks += _isTouched[block] ? 0 : 1;
        _isTouched[block] = true;
        Vector256<float> greatest = default, by = Vector256.Create(factor);
        for (int k = first; k < first + count; k += 8)
        {
            Vector256<float> value = Vector256.MultiplyAddEstimate(Vector256.Load(numbers + k), by, Vector256.Load(values + k));
            value.Store(values + k);
            Vector256<float>.Zero.Store(numbers + k);
            greatest = Vector256.MaxNative(greatest, value);
        }
        Vector128<float> of4 = Vector128.MaxNative(greatest.GetLower(), greatest.GetUpper());
        Vector128<float> of2 = Vector128.MaxNative(of4, Vector128.Shuffle(of4, Vector128.Create(2, 3, 0, 1)));
        Vector128<float> of1 = Vector128.MaxNative(of2, Vector128.Shuffle(of2, Vector128.Create(1, 0, 3, 2)));
        _greatest[block] = Vector128.MaxNative(of1, Vector128.CreateScalarUnsafe(_greatest[block])).ToScalar();
    }
}
