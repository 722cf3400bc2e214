using BenchmarkDotNet.Attributes;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Benchmarks;

/// <summary>One sweep of training (both half-steps) on a generated shop of Yelp2018's size, one thread.</summary>
[MemoryDiagnoser]
public class HalfStepBenchmarks
{
    private InteractionMatrix _interactions = null!;
    private InteractionMatrix _transposed = null!;
    private FactorMatrix _customers = null!;
    private FactorMatrix _items = null!;
    private HalfStep _halfStep = null!;

    [Params(64, 128, 256)]
    public int Factors { get; set; }

    /// <summary>Bits of a vector register; those the machine has not run in software.</summary>
    [Params(512, 256)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _interactions = Catalogues.Interactions(31_668, 38_048, perCustomer: 53, seed: 1);
        _transposed = _interactions.Transpose();
        VectorKernels kernels = Width == 512 ? VectorKernels.Wide512 : VectorKernels.Wide256;
        var options = new FactorizationOptions { Factors = Factors, Sweeps = 1 };
        (_customers, _items) = ImplicitAls.Fit(_interactions, options, seed: 1, threads: 1, kernels, CancellationToken.None);
        _halfStep = new HalfStep(options, kernels, threads: 1);
    }

    [Benchmark]
    public void Sweep()
    {
        _halfStep.SolveRows(_interactions, solving: _customers, against: _items, solved: null, CancellationToken.None);
        _halfStep.SolveRows(_transposed, solving: _items, against: _customers, solved: null, CancellationToken.None);
    }
}
