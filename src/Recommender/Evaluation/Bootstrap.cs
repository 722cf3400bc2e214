using System.Numerics.Tensors;
using Recommender.Threading;

namespace Recommender.Evaluation;

/// <summary>What lies between <paramref name="Low"/> and <paramref name="High"/> with 95 % confidence.</summary>
public readonly record struct Interval(double Mean, double Low, double High);

/// <summary>Confidence intervals by resampling customers with replacement (percentile bootstrap, Efron 1979).</summary>
public static class Bootstrap
{
    /// <summary>More make the ends of an interval steadier: with 1,000 they move by a few hundredths of its length from seed to seed.</summary>
    public const int Resamples = 1000;

    /// <summary>Of the mean of one figure a customer.</summary>
    /// <param name="values">Not empty. One customer alone gives an interval without length, which says nothing.</param>
    /// <param name="seed">The same seed draws the same customers.</param>
    /// <param name="resamples">More make the ends steadier.</param>
    public static Interval Mean(ReadOnlySpan<double> values, ulong seed = 1, int resamples = Resamples) =>
        Of([values.ToArray()], seed, resamples, threads: 1, CancellationToken.None).Mean(0);

    /// <summary>Of the mean difference a - b over the same customers: paired, so that what they have in common cancels out.</summary>
    public static Interval Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ulong seed = 1, int resamples = Resamples)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} customers beside {b.Length}: a comparison is of the same ones.", nameof(b));
        var differences = new double[a.Length];
        TensorPrimitives.Subtract(a, b, differences);
        return Mean(differences, seed, resamples);
    }

    /// <summary>
    /// Of many figures of the same customers at once. Every resample is drawn once, as how often each customer is in it, and serves all
    /// figures: that is cheaper, and makes every pair of them comparable.
    /// </summary>
    /// <param name="figures">Each one value a customer; all of one length, not empty.</param>
    /// <param name="seed">The same seed draws the same customers.</param>
    /// <param name="resamples">More make the ends steadier.</param>
    /// <param name="threads">Cores to use. The means do not depend on it: each resample has its own draws.</param>
    /// <param name="cancellation">Stops within one resample.</param>
    public static ResampledMeans Of(IReadOnlyList<double[]> figures, ulong seed, int resamples, int threads, CancellationToken cancellation)
    {
        int customers = figures.Count == 0 ? 0 : figures[0].Length;
        if (customers == 0) throw new ArgumentException("There is nobody to draw from.", nameof(figures));
        foreach (double[] figure in figures)
        {
            if (figure.Length != customers)
                throw new ArgumentException($"{customers} customers beside {figure.Length}: a comparison is of the same ones.",
                    nameof(figures));
        }
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resamples);
        var means = new double[figures.Count][];
        for (int k = 0; k < means.Length; k++) means[k] = new double[resamples];
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, resamples, parallel, () => new double[customers], (resample, _, drawn) =>
        {
            Array.Clear(drawn);
            SplitMix64 random = SplitMix64.Of(seed, resample);
            for (int k = 0; k < customers; k++) drawn[random.Below(customers)]++;
            for (int k = 0; k < means.Length; k++) means[k][resample] = TensorPrimitives.Dot<double>(drawn, figures[k]) / customers;
            return drawn;
        }, _ => { });
        return new ResampledMeans([.. figures.Select(figure => TensorPrimitives.Sum<double>(figure) / customers)], means);
    }
}
