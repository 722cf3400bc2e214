using Recommender.Cli.Importing;
using Recommender.Cli.Terminal;
using Recommender.LifeCycle;

namespace Recommender.Cli.Commands;

/// <summary>What `lifecycle fit` found.</summary>
/// <param name="ValueMissing">Why there is no value of purchases.</param>
/// <param name="End">The last day with an order.</param>
/// <param name="Tracking">Null where no order lies after the day of the fit.</param>
internal sealed record LifeCycleReport(OrderFileContent Content, DateOnly Until, DateOnly End, BgNbdFit Fit,
    GammaGammaFit? Value, string? ValueMissing, PurchaseTracking? Tracking)
{
    /// <exception cref="InputException">The orders cannot be fitted; the message says why.</exception>
    public static LifeCycleReport Of(OrderFileContent content, DateOnly until, TimeUnit unit, CancellationToken cancellation)
    {
        if (content.Customers.Count == 0)
            throw new InputException($"the file has no order that can be used ({content.Rejected.Count} lines rejected, {content.Returns} returns)");
        DateOnly first = content.Customers.Min(customer => customer.Days[0].On), end = content.Customers.Max(customer => customer.Days[^1].On);
        if (until < first)
            throw new InputException($"--until {until:yyyy-MM-dd} is before the first order ({first:yyyy-MM-dd}); the orders end on {end:yyyy-MM-dd}");
        PurchaseRhythm[] rhythms = [.. content.Customers.Select(customer => customer.RhythmUntil(until))];
        try
        {
            BgNbdFit fit = BgNbdFit.Of(rhythms, until, unit, cancellation);
            PurchaseTracking? tracking = end > until ? PurchaseTracking.Of(fit.Model, content.Customers, until, end, cancellation) : null;
            (GammaGammaFit? value, string? missing) = Spending(rhythms, cancellation);
            return new LifeCycleReport(content, until, end, fit, value, missing, tracking);
        }
        catch (UnfittableException e)
        {
            throw new InputException($"no model can be fitted on the orders up to {until:yyyy-MM-dd}: {e.Message}");
        }
    }

    public object Json() => new
    {
        Until,
        End,
        Unit = Fit.Model.Unit == TimeUnit.Week ? "week" : "day",
        Fit.Model.R,
        Fit.Model.Alpha,
        Fit.Model.A,
        Fit.Model.B,
        Fit.LogLikelihood,
        Fit.Customers,
        Fit.RepeatBuyers,
        Fit.AtBound,
        GammaGamma = Value is null ? null : new
        {
            Value.Model.P,
            Value.Model.Q,
            Value.Model.Gamma,
            MeanValue = Value.Model.PopulationMean,
            Value.LogLikelihood,
            Value.Customers,
            Value.AtBound,
        },
        GammaGammaMissing = ValueMissing,
        Content.Lines,
        ReturnsIgnored = Content.Returns,
        LinesRejected = Content.Rejected.Count,
        Holdout = Tracking is null ? null : new { Tracking.Expected, Tracking.Actual, Tracking.Bins },
        Tracking?.Periods,
    };

    private static (GammaGammaFit? Value, string? Missing) Spending(PurchaseRhythm[] rhythms, CancellationToken cancellation)
    {
        try
        {
            return (GammaGammaFit.Of(rhythms, cancellation), null);
        }
        catch (UnfittableException e)
        {
            return (null, e.Message);
        }
    }
}
