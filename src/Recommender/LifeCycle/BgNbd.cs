namespace Recommender.LifeCycle;

/// <summary>
/// The BG/NBD model of buying without a contract (Fader, Hardie and Lee 2005, "Counting your customers the easy way"): while alive a
/// customer buys at a rate of their own, gamma distributed over customers with shape <paramref name="R"/> and scale <paramref name="Alpha"/>
/// (in units of time); after each purchase they leave for good with a probability of their own, beta distributed with
/// <paramref name="A"/> and <paramref name="B"/>. Silences are in days everywhere; only alpha is in the unit.
/// </summary>
public sealed record BgNbd(double R, double Alpha, double A, double B, TimeUnit Unit = TimeUnit.Week)
{
    /// <summary>
    /// What holds until a shop has customers enough for a fit of its own: the paper's estimate for CDNOW, a music shop.
    /// </summary>
    public static readonly BgNbd Prior = new(0.243, 4.414, 0.793, 2.426);

    public double R { get; } = Positive(R, nameof(R));

    public double Alpha { get; } = Positive(Alpha, nameof(Alpha));

    public double A { get; } = Positive(A, nameof(A));

    public double B { get; } = Positive(B, nameof(B));

    /// <summary>Days in a unit of time.</summary>
    public int UnitDays => (int)Unit;

    /// <summary>P(alive): that the customer has not left for good. 1 before the first repeat purchase, by the model's definition.</summary>
    public double AliveProbability(in PurchaseRhythm rhythm, DateOnly on) => 1 / (1 + GoneOdds(rhythm, on));

    /// <summary>
    /// Days of silence after which P(alive) has fallen to <paramref name="probability"/>: P(alive) solved for T. 0 if it starts below;
    /// infinite if it never falls.
    /// </summary>
    public double SilenceUntil(in PurchaseRhythm rhythm, double probability)
    {
        if (rhythm.Repeats == 0) return double.PositiveInfinity;
        double odds = (1 - probability) / probability * (B + rhythm.Repeats - 1) / A;
        double known = Alpha * UnitDays + rhythm.RecencyDays;
        return Math.Max(0, known * SpecialFunctions.ExpM1(Math.Log(odds) / (R + rhythm.Repeats)));
    }

    /// <summary>The chance that a customer with this rhythm who is alive is silent for that long: ((alpha + t_x) / (alpha + T))^(r + x).</summary>
    public double SilenceChance(in PurchaseRhythm rhythm, DateOnly on) =>
        Math.Exp((R + rhythm.Repeats) * (Math.Log(Alpha * UnitDays + rhythm.RecencyDays) - Math.Log(Alpha * UnitDays + rhythm.AgeDays(on))));

    /// <summary>Days of silence whose chance is <paramref name="chance"/>: <see cref="SilenceChance"/> solved for T.</summary>
    public double SilenceOfChance(in PurchaseRhythm rhythm, double chance) =>
        (Alpha * UnitDays + rhythm.RecencyDays) * SpecialFunctions.ExpM1(-Math.Log(chance) / (R + rhythm.Repeats));

    /// <summary>How often somebody who bought once and then was silent is expected to buy, as a part of what a new customer is expected to.</summary>
    public double RateOfSingleBuyer(double silentDays) => Alpha / (Alpha + silentDays / UnitDays);

    /// <summary>Days of silence after which <see cref="RateOfSingleBuyer"/> has fallen to <paramref name="part"/>.</summary>
    public double SilenceOfSingleBuyer(double part) => Alpha * UnitDays * (1 / part - 1);

    /// <summary>Purchases expected in the next days, given everything known (equation 10 of the paper).</summary>
    /// <param name="days">0 or more.</param>
    /// <exception cref="ArgumentException">The person has not bought: BG/NBD speaks of customers.</exception>
    public double ExpectedPurchases(in PurchaseRhythm rhythm, DateOnly on, double days)
    {
        if (rhythm.Purchases == 0) throw new ArgumentException("Purchases are expected of customers; this person has not bought yet.", nameof(rhythm));
        double age = Alpha + rhythm.AgeDays(on) / (double)UnitDays;
        return PurchaseIntegral.Of(R + rhythm.Repeats, age, A, B + rhythm.Repeats, Units(days)) * AliveProbability(rhythm, on);
    }

    /// <summary>Repeat purchases expected of a customer of whom nothing is known, in the days after the first purchase (equation 9).</summary>
    public double ExpectedRepeats(double days) => PurchaseIntegral.Of(R, Alpha, A, B, Units(days));

    /// <summary>Log-likelihood of one customer's repeat purchases up to a day, time in <see cref="Unit"/>.</summary>
    public double LogLikelihood(in PurchaseRhythm rhythm, DateOnly until)
    {
        int x = rhythm.Repeats;
        double age = Math.Log(Alpha + rhythm.AgeDays(until) / (double)UnitDays);
        double counts = SpecialFunctions.LogGamma(R + x) - SpecialFunctions.LogGamma(R) + R * Math.Log(Alpha)
            + SpecialFunctions.LogGamma(A + B) + SpecialFunctions.LogGamma(B + x) - SpecialFunctions.LogGamma(B) - SpecialFunctions.LogGamma(A + B + x);
        return counts - (R + x) * age + SpecialFunctions.LogP1(GoneOdds(rhythm, until));
    }

    // The odds of having left against being alive. As a logarithm first: a thousand purchases overflow the power.
    private double GoneOdds(in PurchaseRhythm rhythm, DateOnly on)
    {
        int x = rhythm.Repeats;
        if (x == 0) return 0;
        double silence = Math.Log(Alpha + rhythm.AgeDays(on) / (double)UnitDays) - Math.Log(Alpha + rhythm.RecencyDays / (double)UnitDays);
        return Math.Exp(Math.Log(A / (B + x - 1)) + (R + x) * silence);
    }

    private double Units(double days) => days >= 0 && double.IsFinite(days)
        ? days / UnitDays
        : throw new ArgumentOutOfRangeException(nameof(days), days, "The days ahead must be 0 or more.");

    private static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0 and finite.");
}
