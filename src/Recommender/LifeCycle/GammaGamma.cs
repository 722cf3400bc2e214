namespace Recommender.LifeCycle;

/// <summary>
/// What a customer pays at a time (Fader and Hardie 2013, "The gamma-gamma model of monetary value"): amounts are gamma distributed with
/// shape <paramref name="P"/> around a mean of the customer's own, whose scale is gamma distributed over customers with
/// <paramref name="Q"/> and <paramref name="Gamma"/> (in the currency). Independent of how often they buy.
/// </summary>
/// <param name="Q">Above 1, so that the mean exists.</param>
public sealed record GammaGamma(double P, double Q, double Gamma)
{
    public double P { get; } = Above(P, 0, nameof(P));

    public double Q { get; } = Above(Q, 1, nameof(Q));

    public double Gamma { get; } = Above(Gamma, 0, nameof(Gamma));

    /// <summary>Mean value of a purchase day over all customers.</summary>
    public double PopulationMean => P * Gamma / (Q - 1);

    /// <summary>The value expected of a customer's next purchase day: between the own mean and everybody's, nearer the own with every purchase.</summary>
    public double ExpectedValue(in PurchaseRhythm rhythm) => P * (Gamma + rhythm.Spend) / (P * rhythm.Purchases + Q - 1);

    private static double Above(double value, double bound, string name) => value > bound && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be above {bound} and finite.");
}
