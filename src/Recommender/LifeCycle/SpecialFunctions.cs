namespace Recommender.LifeCycle;

/// <summary>Functions that the runtime lacks, or has only roughly.</summary>
internal static class SpecialFunctions
{
    private const double FarEnough = 12;
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>log Gamma(x) for x above 0, relative error about 1e-15: Stirling's series, reached by the recurrence.</summary>
    public static double LogGamma(double x)
    {
        double product = 1;
        while (x < FarEnough) product *= x++;
        double inverse = 1 / x, square = inverse * inverse;
        double series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680
            - square * (1.0 / 1188 - square * (691.0 / 360360 - square / 156))))));
        return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + series - Math.Log(product);
    }

    /// <summary>The derivative of <see cref="LogGamma"/>.</summary>
    public static double Digamma(double x)
    {
        double sum = 0;
        while (x < FarEnough) sum -= 1 / x++;
        double inverse = 1 / x, square = inverse * inverse;
        return sum + Math.Log(x) - inverse / 2 - square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252
            - square * (1.0 / 240 - square * (1.0 / 132 - square * (691.0 / 32760 - square / 12))))));
    }

    /// <summary>log(1 + x) that keeps its digits near 0 (Kahan); the runtime's does not.</summary>
    public static double LogP1(double x)
    {
        double shifted = 1 + x;
        return shifted == 1 || double.IsInfinity(shifted) ? x : Math.Log(shifted) * (x / (shifted - 1));
    }

    /// <summary>e^x - 1 that keeps its digits near 0 (Kahan); the runtime's does not.</summary>
    public static double ExpM1(double x)
    {
        if (Math.Abs(x) > 1) return Math.Exp(x) - 1;
        double power = Math.Exp(x);
        return power == 1 ? x : (power - 1) * (x / Math.Log(power));
    }
}
