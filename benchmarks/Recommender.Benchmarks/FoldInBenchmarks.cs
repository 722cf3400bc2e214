using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Recommender.Factorization;

namespace Recommender.Benchmarks;

/// <summary>
/// The exact vector of one person from their history, and the exact terms of one item's score. Beside it the two usual ways: the whole
/// system of as many equations as there are factors by Cholesky, and five conjugate-gradient steps.
/// </summary>
[MemoryDiagnoser, InProcess, WarmupCount(3), IterationCount(9), IterationTime(100)]
public unsafe class FoldInBenchmarks
{
    private const int Items = 25_000;
    private readonly Random _random = new(3);
    private readonly VectorKernels _kernels = VectorKernels.Best;
    private FoldIn _foldIn = null!;
    private FactorMatrix _items = null!;
    private FactorMatrix _gramian = null!;
    private FactorMatrix _system = null!;
    private FactorMatrix _panel = null!;
    private FactorMatrix _targets = null!;
    private FactorMatrix _scores = null!;
    private FactorMatrix _vectors = null!;
    private float _ridge;
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
        var options = new FactorizationOptions { Factors = Factors };
        _items = Catalogues.Factors(Items, Factors, seed: 1);
        float[] spectrum = Eigenbasis.RotateInto(_items, new FactorMatrix(0, Factors), _kernels, threads: 1, CancellationToken.None);
        _foldIn = new FoldIn(_items, spectrum, options, _kernels);
        _gramian = Gramian.Of(_items, (float)options.UnobservedWeight, _kernels, threads: 1, CancellationToken.None);
        _system = new FactorMatrix(_items.Stride, _items.Stride);
        (_panel, _targets, _scores) =
            (new FactorMatrix(HistoryLength + 3, Factors), new FactorMatrix(1, HistoryLength + 3), new FactorMatrix(1, HistoryLength + 3));
        _vectors = new FactorMatrix(4, Factors);
        _ridge = options.Ridge(HistoryLength, Items);
        // Long enough that a history is not in the first caches by chance.
        _histories = [.. Enumerable.Range(0, 10_000 + HistoryLength).Select(_ => _random.Next(Items))];
        _confidences = [.. Enumerable.Repeat(1f, HistoryLength)];
        _terms = new float[HistoryLength];
        Solve();
    }

    [Benchmark(Baseline = true)]
    public void Solve() => _foldIn.Solve(NextHistory(), _confidences);

    [Benchmark]
    public void Terms() => _foldIn.Terms((int)((_next += 131) % Items), _terms);

    [Benchmark]
    public void WholeSystemByCholesky()
    {
        int stride = _items.Stride;
        float* x = _vectors.Start;
        Gather();
        _gramian.Padded.CopyTo(_system.Padded);
        for (int j = 0; j < stride; j++) _system.Start[j * stride + j] += _ridge;
        _kernels.AddGramian(_panel.Start, VectorKernels.PanelLength(HistoryLength), stride, _system.Start);
        _vectors.Padded[..(2 * stride)].Clear();
        _kernels.Project(
            _panel.Start, _targets.Start, VectorKernels.PanelLength(HistoryLength), stride, 0, 0, 0, x + stride, x, _scores.Start);
        _kernels.FactorTriangle(_system.Start, stride, stride);
        _kernels.SolveTriangle(_system.Start, stride, stride, x);
    }

    [Benchmark]
    public void FiveConjugateGradientSteps()
    {
        int stride = _items.Stride, rows = VectorKernels.PanelLength(HistoryLength);
        float* x = _vectors.Start, r = x + stride, p = r + stride, q = p + stride;
        Gather();
        _vectors.Padded[..(4 * stride)].Clear();
        _kernels.Project(_panel.Start, _targets.Start, rows, stride, 0, 0, 0, x, r, _scores.Start);
        new Span<float>(r, stride).CopyTo(new Span<float>(p, stride));
        float residual = TensorPrimitives.SumOfSquares<float>(new Span<float>(r, stride));
        for (int step = 0; step < 5; step++)
        {
            _kernels.Score(_gramian.Start, stride, stride, p, q);
            float before = residual;
            float length = residual / _kernels.Project(_panel.Start, null, rows, stride, 1, 1, _ridge, p, q, _scores.Start);
            residual = _kernels.Advance(length, p, q, stride, x, r);
            _kernels.Redirect(residual / before, r, stride, p);
        }
    }

    private void Gather()
    {
        fixed (int* listed = NextHistory())
            _kernels.Gather(_items.Start, listed, null, HistoryLength, _items.Stride, _items.Stride, _panel.Start, _targets.Start);
    }

    private ReadOnlySpan<int> NextHistory() => _histories.AsSpan((int)((_next += 131) % 10_000), HistoryLength);
}
