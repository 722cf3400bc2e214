namespace Recommender.LifeCycle;

/// <summary>A BG/NBD model fitted by maximum likelihood.</summary>
/// <param name="LogLikelihood">Of all repeat purchases, time in the model's unit.</param>
/// <param name="Customers">Who bought at least once.</param>
/// <param name="RepeatBuyers">Who bought on a second day.</param>
/// <param name="AtBound">Whether a parameter would have run to 0 or infinity (say, because nobody ever leaves): the data do not determine it,
/// predictions are fine.</param>
public sealed record BgNbdFit(BgNbd Model, double LogLikelihood, int Customers, int RepeatBuyers, bool AtBound)
{
    /// <summary>Fewer customers than that do not determine four parameters.</summary>
    public const int FewestCustomers = 20;

    /// <summary>Without repeat purchases nothing is known of rhythm or leaving.</summary>
    public const int FewestRepeatBuyers = 5;

    // Logarithms of parameters, time scaled to the mean age: beyond, the likelihood is flat and only rounding would decide.
    private const double Bound = 7;
    private const double BoundPenalty = 0.1;

    private static readonly double[][] _starts =
    [
        [Math.Log(0.5), Math.Log(0.2), Math.Log(0.7), Math.Log(2.5)],
        [Math.Log(2), Math.Log(1), Math.Log(0.2), Math.Log(3)],
        [Math.Log(0.2), Math.Log(0.05), Math.Log(1.5), Math.Log(1.5)],
    ];

    /// <summary>
    /// Fits r, alpha, a and b. The same rhythms, in whatever order, give the same parameters.
    /// </summary>
    /// <param name="rhythms">Customers' purchases up to <paramref name="until"/>; people without purchases are left out.</param>
    /// <exception cref="UnfittableException">Too few customers, or too few who bought again.</exception>
    /// <exception cref="ArgumentException">A purchase after <paramref name="until"/>.</exception>
    public static BgNbdFit Of(IReadOnlyCollection<PurchaseRhythm> rhythms, DateOnly until, TimeUnit unit, CancellationToken cancellation)
    {
        PurchaseGroups groups = PurchaseGroups.Of(rhythms, until);
        if (groups.Customers < FewestCustomers)
            throw new UnfittableException($"{groups.Customers} customers have bought, at least {FewestCustomers} are needed");
        if (groups.RepeatBuyers < FewestRepeatBuyers)
            throw new UnfittableException($"{groups.RepeatBuyers} of {groups.Customers} customers have bought on a second day, at least {FewestRepeatBuyers} are needed");
        if (groups.MeanAge <= 0) throw new UnfittableException($"all customers bought on {until:yyyy-MM-dd} for the first time; some time must pass");

        (double[] At, double Value) best = ([], double.PositiveInfinity);
        foreach (double[] start in _starts)
        {
            var found = QuasiNewton.Minimise(Objective(groups), start, cancellation);
            if (found.Value < best.Value) best = found;
        }
        if (!double.IsFinite(best.Value)) throw new UnfittableException("the likelihood of these purchases is not finite");
        double[] at = Array.ConvertAll(best.At, Math.Exp);
        var model = new BgNbd(at[0], at[1] * groups.MeanAge / (int)unit, at[2], at[3], unit);
        // Likelihoods are densities in time: a purchase a week is less dense by the day.
        double logLikelihood = groups.LogLikelihood(at[0], at[1], at[2], at[3], []) - groups.Repeats * Math.Log(groups.MeanAge / (int)unit);
        return new BgNbdFit(model, logLikelihood, groups.Customers, groups.RepeatBuyers, Array.Exists(best.At, log => Math.Abs(log) > Bound));
    }

    /// <summary>Negative mean log-likelihood over the logarithms of the parameters.</summary>
    private static QuasiNewton.Objective Objective(PurchaseGroups groups) => (at, gradient) =>
    {
        double r = Math.Exp(at[0]), alpha = Math.Exp(at[1]), a = Math.Exp(at[2]), b = Math.Exp(at[3]);
        double value = -groups.LogLikelihood(r, alpha, a, b, gradient) / groups.Customers;
        for (int i = 0; i < at.Length; i++)
        {
            double beyond = Math.Abs(at[i]) - Bound;
            gradient[i] *= -Math.Exp(at[i]) / groups.Customers;
            if (beyond <= 0) continue;
            value += BoundPenalty * beyond * beyond;
            gradient[i] += 2 * BoundPenalty * beyond * Math.Sign(at[i]);
        }
        return double.IsNaN(value) ? double.PositiveInfinity : value;
    };
}
