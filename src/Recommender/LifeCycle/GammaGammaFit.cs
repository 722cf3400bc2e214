using static Recommender.LifeCycle.SpecialFunctions;

namespace Recommender.LifeCycle;

/// <summary>A gamma-gamma model fitted by maximum likelihood on the purchase days of all customers who paid something, the first one included.</summary>
/// <param name="LogLikelihood">Of the customers' mean values.</param>
/// <param name="Customers">Who paid something.</param>
/// <param name="AtBound">Whether a parameter would have run away (say, because everybody always pays the same).</param>
public sealed record GammaGammaFit(GammaGamma Model, double LogLikelihood, int Customers, bool AtBound)
{
    /// <summary>Fewer customers than that do not determine three parameters.</summary>
    public const int FewestCustomers = 20;

    private const double Bound = 9;
    private const double BoundPenalty = 0.1;

    // log p, log (q - 1), log gamma, amounts scaled to their mean.
    private static readonly double[][] _starts = [[Math.Log(2), Math.Log(2), Math.Log(1)], [Math.Log(6), Math.Log(3), Math.Log(0.5)]];

    /// <summary>Fits p, q and gamma. The same rhythms, in whatever order, give the same parameters.</summary>
    /// <exception cref="UnfittableException">Too few customers paid something, or nobody bought twice.</exception>
    public static GammaGammaFit Of(IReadOnlyCollection<PurchaseRhythm> rhythms, CancellationToken cancellation)
    {
        PurchaseRhythm[] paying = [.. rhythms.Where(rhythm => rhythm.Spend > 0).OrderBy(rhythm => rhythm.Purchases).ThenBy(rhythm => rhythm.Spend)];
        if (paying.Length < FewestCustomers) throw new UnfittableException($"the spending of {paying.Length} customers is known, at least {FewestCustomers} are needed");
        if (paying[^1].Purchases < 2) throw new UnfittableException("nobody who paid has bought twice, so it is not known how much one customer's purchases differ");
        double scale = paying.Average(rhythm => rhythm.MeanSpend);
        (int Purchases, double Mean)[] customers = Array.ConvertAll(paying, rhythm => (rhythm.Purchases, rhythm.MeanSpend / scale));

        (double[] At, double Value) best = ([], double.PositiveInfinity);
        foreach (double[] start in _starts)
        {
            var found = QuasiNewton.Minimise((at, gradient) => Objective(customers, at, gradient), start, cancellation);
            if (found.Value < best.Value) best = found;
        }
        if (!double.IsFinite(best.Value)) throw new UnfittableException("the likelihood of these amounts is not finite");
        double p = Math.Exp(best.At[0]), q = 1 + Math.Exp(best.At[1]), gamma = Math.Exp(best.At[2]);
        double logLikelihood = Likelihood(customers, p, q, gamma, []) - customers.Length * Math.Log(scale);
        return new GammaGammaFit(new GammaGamma(p, q, gamma * scale), logLikelihood, customers.Length, Array.Exists(best.At, log => Math.Abs(log) > Bound));
    }

    private static double Objective((int, double)[] customers, ReadOnlySpan<double> at, Span<double> gradient)
    {
        double p = Math.Exp(at[0]), aboveOne = Math.Exp(at[1]), gamma = Math.Exp(at[2]);
        double value = -Likelihood(customers, p, 1 + aboveOne, gamma, gradient) / customers.Length;
        ReadOnlySpan<double> inner = [p, aboveOne, gamma];
        for (int i = 0; i < at.Length; i++)
        {
            double beyond = Math.Abs(at[i]) - Bound;
            gradient[i] *= -inner[i] / customers.Length;
            if (beyond <= 0) continue;
            value += BoundPenalty * beyond * beyond;
            gradient[i] += 2 * BoundPenalty * beyond * Math.Sign(at[i]);
        }
        return double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    /// <summary>Equation 1a of the paper for each customer's mean value, and its derivatives by p, q and gamma where asked for.</summary>
    internal static double Likelihood((int Purchases, double Mean)[] customers, double p, double q, double gamma, Span<double> gradient)
    {
        gradient.Clear();
        double total = 0;
        int last = 0;
        double counted = 0, shape = 0, digammas = 0;
        foreach ((int x, double mean) in customers)
        {
            // Sorted by purchases: gamma functions are asked once for each number of them.
            if (x != last)
            {
                last = x;
                counted = LogGamma(p * x + q) - LogGamma(p * x) - LogGamma(q) + q * Math.Log(gamma) + p * x * Math.Log(x);
                if (!gradient.IsEmpty) (digammas, shape) = (Digamma(p * x + q), x * (Digamma(p * x + q) - Digamma(p * x) + Math.Log(x)));
            }
            double logMean = Math.Log(mean), logSum = Math.Log(gamma + mean * x);
            total += counted + (p * x - 1) * logMean - (p * x + q) * logSum;
            if (gradient.IsEmpty) continue;
            gradient[0] += shape + x * (logMean - logSum);
            gradient[1] += digammas - Digamma(q) + Math.Log(gamma) - logSum;
            gradient[2] += q / gamma - (p * x + q) / (gamma + mean * x);
        }
        return total;
    }
}
