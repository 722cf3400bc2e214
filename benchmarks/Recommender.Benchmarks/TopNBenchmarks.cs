using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;
using Recommender.Factorization;
using Recommender.Scoring;

namespace Recommender.Benchmarks;

/// <summary>
/// The exact best 20 of a catalogue for one customer's vector, one thread unless said; every figure is of one query. Beside ours in the
/// same run: the loop anybody would write, the runtime's own dot product with a heap, a prediction an item as a prediction engine is used, and
/// the limit of a scan that reads every byte once. yelp2018 is real where the data is, else generated in its size.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(ShortRuns))]
public class TopNBenchmarks
{
    private const int Together = 256;

    private readonly ScoredItem[] _top = new ScoredItem[20];
    private readonly Dictionary<string, ItemMask> _filters = [];
    private FactorMatrix _items = null!;
    private FactorMatrix _customers = null!;
    private FactorMatrix _vector = null!;
    private FactorScan _scan = null!;
    private FactorScan _second = null!;
    private AddedScores _added = null!;
    private ScanQuery[] _queries = [];
    private ScanQuery[] _addedQueries = [];
    private ItemMask _nothing = null!;
    private PredictionEngineLike _engine = null!;
    private uint _next;

    [Params("10k", "25k", "yelp2018", "100k", "1M")]
    public string Catalogue { get; set; } = "";

    [Params(64, 128, 256)]
    public int Factors { get; set; }

    private int Items => _items.Rows;

    [GlobalSetup]
    public void Prepare()
    {
        (_items, _customers) = Catalogues.Trained(Catalogue, Factors);
        _vector = new FactorMatrix(1, Factors);
        FactorCodes codes = FactorCodes.Of(_items, Environment.ProcessorCount, CancellationToken.None);
        (_scan, _second) = (new FactorScan(_items, VectorKernels.Best, codes), new FactorScan(_items, VectorKernels.Best, codes));
        _nothing = new ItemMask(Items);
        var random = new Random(3);
        (string, double)[] filters = [("all", 1), ("50 %", 0.5), ("5 %", 0.05), ("0.1 %", 0.001)];
        foreach ((string name, double share) in filters)
        {
            _filters[name] = new ItemMask(Items);
            for (int item = 0; item < Items; item++) _filters[name][item] = random.NextDouble() < share;
        }
        _added = new AddedScores(new FixedScores([.. Enumerable.Range(0, Items).Select(item => 0.02f * TensorPrimitives.SumOfSquares(_items.Row(item)))]));
        _added.Start(weight: 0.3f);
        for (int k = 0; k < Math.Min(3000, Items / 10); k++) _added.Add(random.Next(Items), (float)Math.Pow(random.NextDouble(), 4) / 2);
        (_queries, _addedQueries) = (Queries(added: null), Queries(_added));
        _engine = new PredictionEngineLike(_items, _customers);
    }

    [Benchmark(Baseline = true)]
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
    public int PredictionAnItem()
    {
        int customer = (int)(_next++ % (uint)_customers.Rows);
        var heap = new TopHeap(_top);
        for (int item = 0; item < Items; item++) heap.Offer(item, _engine.Predict(new PredictionEngineLike.Input(customer, item)).Score);
        return heap.Finish();
    }

    [Benchmark]
    public float StreamingRead()
    {
        // Eight sums, so that it is memory that is waited for and not the addition before.
        ReadOnlySpan<Vector512<float>> all = MemoryMarshal.Cast<float, Vector512<float>>(_items.Padded[..(Items * _items.Stride)]);
        Vector512<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (int k = 0; k + 8 <= all.Length; k += 8)
        {
            ReadOnlySpan<Vector512<float>> next = all.Slice(k, 8);
            a += next[0];
            b += next[1];
            c += next[2];
            d += next[3];
            e += next[4];
            f += next[5];
            g += next[6];
            h += next[7];
        }
        return Vector512.Sum(a + b + (c + d) + (e + f + (g + h)));
    }

    [Benchmark]
    public int Ours() => Best("all", added: null);

    [Benchmark]
    public int OursOfHalf() => Best("50 %", added: null);

    [Benchmark]
    public int OursOfFivePercent() => Best("5 %", added: null);

    [Benchmark]
    public int OursOfOneInThousand() => Best("0.1 %", added: null);

    [Benchmark]
    public int OursWithPriorAndNeighbours() => Best("all", _added);

    [Benchmark(OperationsPerInvoke = Together)]
    public int OursTogether()
    {
        _scan.BestOfEach(_queries);
        return _queries[0].Found;
    }

    [Benchmark(OperationsPerInvoke = Together)]
    public int OursTogetherOnTwoThreads()
    {
        Parallel.For(0, 2, half => (half == 0 ? _scan : _second).BestOfEach(_queries.AsSpan(half * Together / 2, Together / 2)));
        return _queries[0].Found;
    }

    /// <summary>As a batch asks: eight people at a time, of whom something is known besides.</summary>
    [Benchmark(OperationsPerInvoke = Together)]
    public int OursTogetherWithPriorAndNeighbours()
    {
        for (int first = 0; first < Together; first += 8) _scan.BestOfEach(_addedQueries.AsSpan(first, 8));
        return _addedQueries[0].Found;
    }

    private int Best(string filter, AddedScores? added)
    {
        NextVector();
        return _scan.Best(_vector, added, _filters[filter], _nothing, _top);
    }

    private ScanQuery[] Queries(AddedScores? added) => [.. Enumerable.Range(0, Together).Select(customer =>
    {
        var vector = new FactorMatrix(1, Factors);
        _customers.Row(customer).CopyTo(vector.MutableRow(0));
        return new ScanQuery { Vector = vector, Added = added, Eligible = _filters["all"], Excluded = _nothing, Top = new ScoredItem[20] };
    })];

    private ReadOnlySpan<float> NextVector()
    {
        _customers.Row((int)(_next++ % (uint)_customers.Rows)).CopyTo(_vector.MutableRow(0));
        return _vector.Row(0);
    }

    /// <summary>An object in, an object out, an item at a time.</summary>
    private sealed class PredictionEngineLike(FactorMatrix items, FactorMatrix customers)
    {
        public Output Predict(Input input) => new(TensorPrimitives.Dot(customers.Row(input.Customer), items.Row(input.Item)));

        public sealed record Input(int Customer, int Item);

        public sealed record Output(float Score);
    }

    private sealed class ShortRuns : ManualConfig
    {
        public ShortRuns()
        {
            AddJob(Job.Default.WithWarmupCount(3).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(120)));
            AddColumn(StatisticColumn.Median);
        }
    }
}
