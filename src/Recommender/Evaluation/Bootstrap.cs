namespace Recommender.Evaluation;

/// <summary>What lies between <paramref name="Low"/> and <paramref name="High"/> with 95 % confidence.</summary>
public readonly record struct Interval(double Mean, double Low, double High);

/// <summary>Confidence intervals by resampling customers with replacement (percentile bootstrap, Efron 1979).</summary>
public static class Bootstrap
{
    private const double Tail = 0.025;

    /// <summary>Of the mean of one figure a customer.</summary>
    /// <param name="values">Not empty.</param>
    /// <param name="seed">The same seed draws the same customers.</param>
    /// <param name="resamples">More make the ends steadier.</param>
    public static Interval Mean(ReadOnlySpan<double> values, ulong seed = 1, int resamples = 1000)
    {
        if (values.IsEmpty) throw new ArgumentException("There is nobody to draw from.", nameof(values));
        var random = new Random((int)(seed ^ (seed >> 32)));
        var means = new double[resamples];
        for (int resample = 0; resample < resamples; resample++)
        {
            double sum = 0;
            for (int k = 0; k < values.Length; k++) sum += values[random.Next(values.Length)];
            means[resample] = sum / values.Length;
        }
        Array.Sort(means);
        double mean = 0;
        foreach (double value in values) mean += value / values.Length;
        return new Interval(mean, means[(int)(Tail * resamples)], means[Math.Min(resamples - 1, (int)((1 - Tail) * resamples))]);
    }

    /// <summary>Of the mean difference a - b over the same customers: paired, so that what they have in common cancels out.</summary>
    public static Interval Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ulong seed = 1, int resamples = 1000)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} customers beside {b.Length}: a comparison is of the same ones.", nameof(b));
        var differences = new double[a.Length];
        for (int k = 0; k < a.Length; k++) differences[k] = a[k] - b[k];
        return Mean(differences, seed, resamples);
    }
}
