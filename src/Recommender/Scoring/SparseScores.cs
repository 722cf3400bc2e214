using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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

    private const int CacheLine = 64;

    // Rows of neighbours on their way while those before them are added.
    private const int Ahead = 4;

    // A row is a block of items.
    private readonly FactorMatrix _values;
    private readonly byte[] _isTouched;
    // One longer than needed: a line is written behind the last before it is known to be new.
    private readonly int[] _touched;
    // All lines in their order: most histories reach most of a catalogue.
    private readonly int[] _lines;
    private int _count;

    public SparseScores(int items)
    {
        int blocks = (items + AddedScores.Block - 1) / AddedScores.Block;
        (Items, _values) = (items, new FactorMatrix(blocks, AddedScores.Block));
        (_isTouched, _touched) = (new byte[blocks * LinesInBlock], new int[blocks * LinesInBlock + 1]);
        _lines = [.. Enumerable.Range(0, _isTouched.Length)];
    }

    public int Items { get; }

    /// <summary>All numbers, padded with zeros to whole blocks.</summary>
    public ReadOnlySpan<float> Values => _values.Padded;

    internal float* Start => _values.Start;

    /// <summary>Lines that may hold something, each once, in the order in which they came; all in their own where all do.</summary>
    public ReadOnlySpan<int> Touched => IsWhole ? _lines : _touched.AsSpan(0, _count);

    /// <summary>Whether every line may hold something.</summary>
    public bool IsWhole => _count == _isTouched.Length;

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
        long all = 0;
        foreach (int item in items) all += of.Of(item).Length;
        // So many reach most of the lines: to take all for touched costs less than to look.
        if (all >= _isTouched.Length) TouchAll();
        bool looks = !IsWhole;
        for (int k = 0; k < Math.Min(Ahead, items.Length); k++) Fetch(of, items[k]);
        for (int k = 0; k < items.Length; k++)
        {
            if (k + Ahead < items.Length) Fetch(of, items[k + Ahead]);
            if (looks) Touch(of.Of(items[k]));
            Add(of.Of(items[k]), of.SimilaritiesOf(items[k]), confidences[k]);
        }
    }

    private static void Fetch(ItemNeighbours of, int item)
    {
        Fetch(of.Of(item));
        Fetch(of.SimilaritiesOf(item));
    }

    private static void Fetch<T>(ReadOnlySpan<T> row) where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        fixed (T* start = row)
        {
            for (int at = 0; at < row.Length; at += CacheLine / sizeof(T)) Sse.Prefetch0(start + at);
            // Rows start anywhere in a line, so that the last step may lie a line before the end.
            if (row.Length > 0) Sse.Prefetch0(start + row.Length - 1);
        }
    }

    private void TouchAll()
    {
        _isTouched.AsSpan().Fill(1);
        _count = _isTouched.Length;
    }

    private void Touch(ReadOnlySpan<int> items)
    {
        int count = _count;
        Span<byte> isTouched = _isTouched;
        Span<int> touched = _touched;
        foreach (int item in items)
        {
            // Whether a line is new cannot be foreseen: counting it is cheaper than a branch.
            int line = (int)((uint)item / Line);
            touched[count] = line;
            count += 1 - isTouched[line];
            isTouched[line] = 1;
        }
        _count = count;
    }

    private void Add(ReadOnlySpan<int> items, ReadOnlySpan<float> numbers, float factor)
    {
        float* values = _values.Start;
        uint length = (uint)Items;
        for (int k = 0; k < items.Length; k++)
        {
            uint item = (uint)items[k];
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(item, length, nameof(items));
            values[item] += factor * numbers[k];
        }
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

    /// <summary>The greatest number; 0 where none is positive, no number where one of them is none or too great for a float.</summary>
    public float Greatest()
    {
        Vector256<float> greatest = default, wrong = default;
        foreach (int line in Touched)
        {
            float* values = _values.Start + line * Line;
            Vector256<float> low = Vector256.Load(values), high = Vector256.Load(values + 8);
            greatest = Vector256.MaxNative(greatest, Vector256.MaxNative(low, high));
            wrong += (low + high) * 0;
        }
        float all = Vector256.Sum(wrong);
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
            Vector256<float>.Zero.Store(_values.Start + line * Line);
            Vector256<float>.Zero.Store(_values.Start + line * Line + 8);
        }
        Forget();
    }

    /// <summary>The same where all are 0 by now.</summary>
    public void Forget()
    {
        if (IsWhole) _isTouched.AsSpan().Clear();
        else foreach (int line in Touched) _isTouched[line] = 0;
        _count = 0;
    }
}
