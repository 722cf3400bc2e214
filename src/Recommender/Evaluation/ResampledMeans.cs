using System.Numerics.Tensors;

namespace Recommender.Evaluation;

/// <summary>The means of several figures over the same resamples of customers; figures are named by their position.</summary>
/// <param name="measured">The mean of each figure over the customers as they are.</param>
/// <param name="resampled">For each figure, its mean in each resample.</param>
public sealed class ResampledMeans(double[] measured, double[][] resampled)
{
    // What lies outside the interval on each side.
    private const double Tail = 0.025;

    public Interval Mean(int figure) => Between(measured[figure], [.. resampled[figure]]);

    /// <summary>Of a - b, paired: what the customers of a resample have in common cancels out.</summary>
    public Interval Difference(int a, int b)
    {
        var differences = new double[resampled[a].Length];
        TensorPrimitives.Subtract(resampled[a], resampled[b], differences);
        return Between(measured[a] - measured[b], differences);
    }

    /// <summary>Part of the resamples in which a is above b, 0 to 1; those without a difference count half.</summary>
    public double ShareAbove(int a, int b)
    {
        double above = 0;
        for (int k = 0; k < resampled[a].Length; k++) above += resampled[a][k] > resampled[b][k] ? 1 : resampled[a][k] == resampled[b][k] ? 0.5 : 0;
        return above / resampled[a].Length;
    }

    private static Interval Between(double mean, double[] means)
    {
        Array.Sort(means);
        int below = (int)(Tail * means.Length);
        // Rounding must not put a mean that never varies beside its own interval.
        return new Interval(mean, Math.Min(mean, means[below]), Math.Max(mean, means[means.Length - 1 - below]));
    }
}
