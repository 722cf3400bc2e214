using BenchmarkDotNet.Attributes;
using Recommender.Factorization;

namespace Recommender.Benchmarks;

/// <summary>The exact vector of one person from their history, and the exact terms of one item's score.</summary>
[MemoryDiagnoser]
public class FoldInBenchmarks
{
    private const int Items = 25_000;
    private readonly Random _random = new(3);
    private FoldIn _foldIn = null!;
    private int[] _histories = [];
    private float[] _confidences = [];
    private float[] _terms = [];
    private uint _next;

    [Params(64, 128, 256)]
    public int Factors { get; set; }

    [Params(5, 20, 100)]
    public int HistoryLength { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        FactorMatrix items = Catalogues.Factors(Items, Factors, seed: 1);
        float[] spectrum = Eigenbasis.RotateInto(items, new FactorMatrix(0, Factors), VectorKernels.Best, threads: 1, CancellationToken.None);
        _foldIn = new FoldIn(items, spectrum, new FactorizationOptions { Factors = Factors }, VectorKernels.Best);
        // Long enough that a history is not in the first caches by chance.
        _histories = [.. Enumerable.Range(0, 10_000 + HistoryLength).Select(_ => _random.Next(Items))];
        _confidences = [.. Enumerable.Repeat(1f, HistoryLength)];
        _terms = new float[HistoryLength];
        Solve();
    }

    [Benchmark]
    public void Solve() => _foldIn.Solve(_histories.AsSpan((int)((_next += 131) % 10_000), HistoryLength), _confidences);

    [Benchmark]
    public void Terms() => _foldIn.Terms((int)((_next += 131) % Items), _terms);
}
