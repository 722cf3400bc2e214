using BenchmarkDotNet.Attributes;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Benchmarks;

/// <summary>
/// One sweep of training (both half-steps) on one thread, beside the most this core can multiply and add: on yelp2018's training part where it
/// is, else on a generated shop of its size. Operations are counted as README.md says.
/// </summary>
[Config(typeof(SweepColumns))]
public class HalfStepBenchmarks
{
    private InteractionMatrix _interactions = null!;
    private InteractionMatrix _transposed = null!;
    private FactorMatrix _customers = null!;
    private FactorMatrix _items = null!;
    private HalfStep _halfStep = null!;
    private HalfStep _subspace = null!;
    private HalfStep _narrow = null!;

    [Params(64, 128, 256)]
    public int Factors { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _interactions = Catalogues.Yelp2018() ?? Catalogues.Interactions(31_668, 38_048, perCustomer: 53, seed: 1);
        _transposed = _interactions.Transpose();
        var options = new FactorizationOptions { Factors = Factors, Sweeps = 2 };
        (_customers, _items) = ImplicitAls.Fit(_interactions, options, seed: 1, threads: 1, VectorKernels.Best, CancellationToken.None);
        _halfStep = new HalfStep(options, VectorKernels.Best, threads: 1);
        _narrow = new HalfStep(options, VectorKernels.Wide256, threads: 1);
        _subspace = new HalfStep(options with { Solver = FactorSolver.Subspace }, VectorKernels.Best, threads: 1);
    }

    [Benchmark(Baseline = true)]
    public void FmaPeakOfThisCore() => SweepColumns.Measure(nameof(FmaPeakOfThisCore), Factors, FmaPeak.Flops, () => FmaPeak.Run());

    [Benchmark]
    public void Sweep() => SweepColumns.Measure(nameof(Sweep), Factors, Flops, () => Solve(_halfStep));

    [Benchmark]
    public void SweepIn256Bits() => SweepColumns.Measure(nameof(SweepIn256Bits), Factors, Flops, () => Solve(_narrow));

    /// <summary>Its operations are others; only its seconds are shown.</summary>
    [Benchmark]
    public void SubspaceSweep() => SweepColumns.Measure(nameof(SubspaceSweep), Factors, 0, () => Solve(_subspace));

    private double Flops
    {
        get
        {
            double rows = (double)_interactions.RowCount + _interactions.ColumnCount, d = Factors;
            const int Products = 4;
            return rows * d * d + Products * rows * 2 * d * d + 2 * Products * 4 * _interactions.Count * d;
        }
    }

    private void Solve(HalfStep halfStep)
    {
        halfStep.SolveRows(_interactions, solving: _customers, against: _items, solved: null, CancellationToken.None);
        halfStep.SolveRows(_transposed, solving: _items, against: _customers, solved: null, CancellationToken.None);
    }
}
