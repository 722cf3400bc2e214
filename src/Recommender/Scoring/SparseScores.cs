using System.Numerics;
using System.Runtime.Intrinsics;
using Recommender.Factorization;
using Recommender.Similarity;

namespace Recommender.Scoring;

/// <summary>
/// Numbers of items, most of them 0. What was added to is remembered by cache lines of sixteen items, so that to look at it again and to
/// forget it costs less than to add it. One at a time uses it; it allocates nothing.
/// </summary>
internal sealed unsafe class SparseScores
{
    /// <summary>Items that are remembered together: consecutive ones, from a multiple of this.</summary>
    public const int Line = 16;

    private const int LinesInBlock = AddedScores.Block / Line;

    // A row is a block of items.
    private readonly FactorMatrix _values;
    private readonly byte[] _isTouched;
    // One longer than needed: a line is written behind the last before it is known to be new.
    private readonly int[] _touched;
    private int _count;

    public SparseScores(int items)
    {
        int blocks = (items + AddedScores.Block - 1) / AddedScores.Block;
        (Items, _values) = (items, new FactorMatrix(blocks, AddedScores.Block));
        (_isTouched, _touched) = (new byte[blocks * LinesInBlock], new int[blocks * LinesInBlock + 1]);
    }

    public int Items { get; }

    /// <summary>All numbers, padded with zeros to whole blocks.</summary>
    public ReadOnlySpan<float> Values => _values.Padded;

    /// <summary>Lines that may hold something, each once, in the order in which they came.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _count);

    /// <summary>Adds to the number of an item.</summary>
    public void Add(int item, float more)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)Items, nameof(item));
        int line = item / Line;
        _touched[_count] = line;
        _count += 1 - _isTouched[line];
        _isTouched[line] = 1;
        _values.Start[item] += more;
    }

    /// <summary>Adds to the neighbours of each item of a history how near they are, times its confidence.</summary>
    public void AddNeighbours(ItemNeighbours of, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        float* values = _values.Start;
        uint length = (uint)Items;
        int count = _count;
        fixed (byte* isTouched = _isTouched)
        fixed (int* touched = _touched)
        {
            for (int at = 0; at < items.Length; at++)
            {
                ReadOnlySpan<int> neighbours = of.Of(items[at]);
                ReadOnlySpan<float> similarities = of.SimilaritiesOf(items[at]);
                float confidence = confidences[at];
                for (int k = 0; k < neighbours.Length; k++)
                {
                    uint neighbour = (uint)neighbours[k], line = neighbour / Line;
                    ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(neighbour, length, nameof(of));
                    // Whether a line is new cannot be foreseen: counting it is cheaper than a branch.
                    touched[count] = (int)line;
                    count += 1 - isTouched[line];
                    isTouched[line] = 1;
                    values[neighbour] += confidence * similarities[k];
                }
            }
        }
        _count = count;
    }

    /// <summary>Adds a multiple of others' numbers.</summary>
    public void Add(SparseScores others, float factor)
    {
        foreach (int line in others.Touched)
        {
            _touched[_count] = line;
            _count += 1 - _isTouched[line];
            _isTouched[line] = 1;
            float* from = others._values.Start + line * Line, to = _values.Start + line * Line;
            for (int k = 0; k < Line; k += 8) (Vector256.Load(to + k) + Vector256.Load(from + k) * factor).Store(to + k);
        }
    }

    /// <summary>The greatest number; 0 where none is positive.</summary>
    public float Greatest()
    {
        Vector256<float> greatest = default;
        foreach (int line in Touched)
        {
            float* values = _values.Start + line * Line;
            greatest = Vector256.Max(greatest, Vector256.Max(Vector256.Load(values), Vector256.Load(values + 8)));
        }
        float all = 0;
        for (int k = 0; k < 8; k++) all = Math.Max(all, greatest[k]);
        return all;
    }

    /// <summary>Offers the positive numbers of items that may be answered.</summary>
    public void Offer(ItemMask eligible, ItemMask excluded, ReadOnlySpan<Boost> boosts, ref TopHeap heap)
    {
        ReadOnlySpan<ulong> allowed = eligible.Words, barred = excluded.Words;
        foreach (int line in Touched)
        {
            int word = line / LinesInBlock;
            uint open = (uint)((allowed[word] & ~barred[word]) >> line % LinesInBlock * Line) & ushort.MaxValue;
            for (; open != 0; open &= open - 1)
            {
                int item = line * Line + BitOperations.TrailingZeroCount(open);
                float score = _values.Start[item];
                if (score > 0) heap.Offer(item, Boost.Applied(score, Boost.FactorOf(boosts, item)));
            }
        }
    }

    /// <summary>All are 0 again.</summary>
    public void Clear()
    {
        foreach (int line in Touched)
        {
            new Span<float>(_values.Start + line * Line, Line).Clear();
            _isTouched[line] = 0;
        }
        _count = 0;
    }
}
