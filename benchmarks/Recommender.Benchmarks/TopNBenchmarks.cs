using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Recommender.Factorization;
using Recommender.Scoring;

namespace Recommender.Benchmarks;

/// <summary>
/// The exact best 20 of a catalogue for one vector, one thread. Beside ours in the same run: the loop anybody would write, the
/// runtime's own dot product with a heap, and the limit of a scan that reads every byte once.
/// </summary>
[MemoryDiagnoser]
public class TopNBenchmarks
{
    private FactorMatrix _items = null!;
    private FactorMatrix _vectors = null!;
    private FactorMatrix _vector = null!;
    private FactorScan _scan = null!;
    private ItemMask _everything = null!;
    private ItemMask _nothing = null!;
    private readonly ScoredItem[] _top = new ScoredItem[20];
    private uint _next;

    [Params(25_000, 100_000)]
    public int Items { get; set; }

    [Params(64, 128, 256)]
    public int Factors { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _items = Catalogues.Factors(Items, Factors, seed: 1);
        _vectors = Catalogues.Factors(64, Factors, seed: 2);
        _vector = new FactorMatrix(1, Factors);
        _scan = new FactorScan(_items, VectorKernels.Best);
        _everything = new ItemMask(Items);
        _everything.SetAll();
        _nothing = new ItemMask(Items);
    }

    [Benchmark(Baseline = true)]
    public int ScalarLoop()
    {
        ReadOnlySpan<float> vector = NextVector();
        var heap = new TopHeap(_top);
        for (int item = 0; item < Items; item++)
        {
            ReadOnlySpan<float> row = _items.Row(item);
            float score = 0;
            for (int j = 0; j < row.Length; j++) score += vector[j] * row[j];
            if (!heap.IsFull || score > heap.Threshold) heap.Offer(item, score);
        }
        return heap.Finish();
    }

    [Benchmark]
    public int TensorPrimitivesDot()
    {
        ReadOnlySpan<float> vector = NextVector();
        var heap = new TopHeap(_top);
        for (int item = 0; item < Items; item++)
        {
            float score = TensorPrimitives.Dot(vector, _items.Row(item));
            if (!heap.IsFull || score > heap.Threshold) heap.Offer(item, score);
        }
        return heap.Finish();
    }

    [Benchmark]
    public int Ours()
    {
        NextVector();
        return _scan.Best(_vector, added: null, _everything, _nothing, _top);
    }

    [Benchmark]
    public float StreamingRead()
    {
        NextVector();
        return TensorPrimitives.Sum<float>(_items.Padded[..(Items * _items.Stride)]);
    }

    private ReadOnlySpan<float> NextVector()
    {
        _vectors.Row((int)(_next++ % (uint)_vectors.Rows)).CopyTo(_vector.MutableRow(0));
        return _vector.Row(0);
    }
}
