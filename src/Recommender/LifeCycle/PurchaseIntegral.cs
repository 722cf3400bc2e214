namespace Recommender.LifeCycle;

/// <summary>
/// Purchases expected of a customer who is alive, in a time t from now. With the rate gamma(s, age) and the chance p of leaving after a
/// purchase beta(a, b): <c>E[(1 - (age / (age + p t))^s) / p]</c>, which the paper writes with a Gaussian hypergeometric function.
/// </summary>
internal static class PurchaseIntegral
{
    private const double Precision = 1e-15;

    /// <param name="s">r + x.</param>
    /// <param name="age">alpha + T.</param>
    /// <param name="b">b + x.</param>
    public static double Of(double s, double age, double a, double b, double t)
    {
        if (t <= 0) return 0;
        double z = t / (age + t);
        // Elsewhere its terms cancel, or it would need thousands of them.
        bool seriesIsSafe = a <= 3 && z <= 0.99 && (s - a - 2 * b) * z <= 4 && b <= 1e4 * s;
        return seriesIsSafe ? Series(s, age, a, b, t, z) : Quadrature(s, age, a, b, t);
    }

    /// <summary>
    /// The paper's formula after Euler's transformation, <c>F(s, b; c; z) = (1 - z)^(c - s - b) F(c - s, c - b; c; z)</c> with c = a + b - 1,
    /// and with the factor a - 1 taken out of the series: it converges faster, and a = 1 and c = 0 are no longer singular.
    /// </summary>
    internal static double Series(double s, double age, double a, double b, double t, double z)
    {
        double c = a + b - 1, e = a - 1;
        double logRest = -SpecialFunctions.LogP1(t / age);
        double term = (c - s) * z, sum = term;
        for (int n = 1; Math.Abs(term) > Precision * Math.Abs(sum); n++)
        {
            term *= (c - s + n) * (e + n) / ((c + n) * (n + 1)) * z;
            sum += term;
        }
        double power = e * logRest;
        double withoutSeries = Math.Abs(power) < 1e-300 ? -logRest : -SpecialFunctions.ExpM1(power) / e;
        return Math.Max(0, c * withoutSeries - Math.Exp(power) * sum);
    }

    /// <summary>
    /// The integral itself by the double exponential rule (Takahasi and Mori 1974), in logarithms: every term is positive, so it is exact
    /// where the terms of the series cancel, for parameters of any size.
    /// </summary>
    internal static double Quadrature(double s, double age, double a, double b, double t)
    {
        // p = e^u / (1 + e^u): both ends of the beta distribution keep their digits. Weighed by itself, so its constant is not needed.
        double mode = Math.Log(a / b), width = Math.Sqrt(1 / a + 1 / b), peak = LogWeight(mode, a, b);
        // Narrow enough for the beta distribution and for what p does to the purchases, which happens within a few units of u.
        double step = Math.Min(1.0 / 24, 0.2 / width);
        double weights = 1, total = Bought(s, age, 1 / (1 + b / a), t);
        foreach (double towards in (ReadOnlySpan<double>)[step, -step])
        {
            for (double node = towards; ; node += towards)
            {
                double u = mode + width * Math.Sinh(node);
                double weight = Math.Cosh(node) * Math.Exp(LogWeight(u, a, b) - peak);
                if (weight < Precision * step * weights) break;
                weights += weight;
                total += weight * Bought(s, age, u > 0 ? 1 / (1 + Math.Exp(-u)) : Math.Exp(u) / (1 + Math.Exp(u)), t);
            }
        }
        return total / weights;
    }

    // (1 - (age / (age + p t))^s) / p, and its limit where p vanishes.
    private static double Bought(double s, double age, double p, double t) =>
        p < 1e-300 ? s * t / age : -SpecialFunctions.ExpM1(-s * SpecialFunctions.LogP1(p * t / age)) / p;

    // log p^a (1 - p)^b: the density of the beta distribution times dp/du.
    private static double LogWeight(double u, double a, double b) => u > 0
        ? -a * SpecialFunctions.LogP1(Math.Exp(-u)) - b * (u + SpecialFunctions.LogP1(Math.Exp(-u)))
        : a * (u - SpecialFunctions.LogP1(Math.Exp(u))) - b * SpecialFunctions.LogP1(Math.Exp(u));
}
