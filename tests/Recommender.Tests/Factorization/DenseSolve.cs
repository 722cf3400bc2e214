using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Tests.Factorization;

/// <summary>The normal equations of one row by Gaussian elimination in double precision: the reference that solvers are held against.</summary>
internal static class DenseSolve
{
    /// <summary>(a0 Y'Y + sum c y y' + ridge) x = sum c y.</summary>
    public static double[] Row(FactorMatrix against, InteractionRow row, FactorizationOptions options)
    {
        int d = against.Factors;
        var a = new double[d, d + 1];
        double confidence = 0;
        for (int k = 0; k < row.Length; k++)
        {
            confidence += row.Confidence(k);
            AddOuter(a, against.Row(row.Columns[k]), row.Confidence(k));
            for (int j = 0; j < d; j++) a[j, d] += row.Confidence(k) * (double)against.Row(row.Columns[k])[j];
        }
        for (int k = 0; k < against.Rows; k++) AddOuter(a, against.Row(k), options.UnobservedWeight);
        double ridge = options.Regularisation * Math.Pow(confidence + options.UnobservedWeight * against.Rows, options.RegularisationExponent);
        for (int j = 0; j < d; j++) a[j, j] += ridge;
        return Eliminate(a);
    }

    private static void AddOuter(double[,] a, ReadOnlySpan<float> y, double weight)
    {
        for (int i = 0; i < y.Length; i++)
        {
            for (int j = 0; j < y.Length; j++) a[i, j] += weight * y[i] * y[j];
        }
    }

    internal static double[] Eliminate(double[,] a)
    {
        int d = a.GetLength(0);
        for (int p = 0; p < d; p++)
        {
            for (int i = 0; i < d; i++)
            {
                if (i == p) continue;
                double factor = a[i, p] / a[p, p];
                for (int j = p; j <= d; j++) a[i, j] -= factor * a[p, j];
            }
        }
        var x = new double[d];
        for (int i = 0; i < d; i++) x[i] = a[i, d] / a[i, i];
        return x;
    }
}
