namespace Recommender.LifeCycle;

/// <summary>What a shop's purchases teach about when and for how much customers buy. Immutable; a refit makes a new one.</summary>
/// <param name="Rhythm">When they buy.</param>
/// <param name="Value">What they pay; null where nobody's spending is known well enough.</param>
/// <param name="Note">What was fitted, or why the prior stands in for a fit: one sentence.</param>
/// <param name="IsPrior">Whether <paramref name="Rhythm"/> is <see cref="BgNbd.Prior"/> for want of purchases.</param>
public sealed record PurchaseModel(BgNbd Rhythm, GammaGamma? Value, string Note, bool IsPrior)
{
    /// <summary>What holds before anything was fitted.</summary>
    public static PurchaseModel Prior { get; } = new(BgNbd.Prior, null, "not fitted yet; the prior is a music shop's (CDNOW)", IsPrior: true);

    /// <summary>Fits both models; where the purchases do not suffice the prior stands in, and <see cref="Note"/> says why.</summary>
    /// <param name="rhythms">All customers', purchases up to <paramref name="until"/> only.</param>
    public static PurchaseModel Of(IReadOnlyCollection<PurchaseRhythm> rhythms, DateOnly until, TimeUnit unit, CancellationToken cancellation)
    {
        GammaGamma? value = null;
        string note = "";
        try
        {
            value = GammaGammaFit.Of(rhythms, cancellation).Model;
        }
        catch (UnfittableException e)
        {
            note = $"; no value of purchases: {e.Message}";
        }
        try
        {
            BgNbdFit fit = BgNbdFit.Of(rhythms, until, unit, cancellation);
            string fitted = $"fitted on {fit.Customers} customers, {fit.RepeatBuyers} of them repeat buyers, up to {until:yyyy-MM-dd}{note}";
            return new PurchaseModel(fit.Model, value, fitted, IsPrior: false);
        }
        catch (UnfittableException e)
        {
            return new PurchaseModel(BgNbd.Prior, value, $"the prior is a music shop's (CDNOW): {e.Message}{note}", IsPrior: true);
        }
    }

    /// <summary>What a customer is expected to spend in the next days; null where the value of purchases is not known.</summary>
    public double? ExpectedSpend(in PurchaseRhythm rhythm, DateOnly on, double days) =>
        Value is null ? null : Rhythm.ExpectedPurchases(rhythm, on, days) * Value.ExpectedValue(rhythm);
}

/// <summary>Purchases from which no model can be learned; the message says why.</summary>
public sealed class UnfittableException(string message) : Exception(message);
