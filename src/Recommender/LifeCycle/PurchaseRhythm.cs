namespace Recommender.LifeCycle;

/// <summary>
/// When somebody bought, as far as BG/NBD needs it, in 24 bytes: a million customers are held in memory. Purchases of one day count once.
/// The default value is a person who has not bought.
/// </summary>
public readonly record struct PurchaseRhythm
{
    private readonly int _first, _last;

    private PurchaseRhythm(int first, int last, int purchases, double spend) =>
        (_first, _last, Purchases, Spend) = (first, last, purchases, spend);

    /// <summary>Different days with a purchase.</summary>
    public int Purchases { get; }

    /// <summary>Paid over all of them, in the shop's currency.</summary>
    public double Spend { get; }

    /// <summary>x of the papers: days with a purchase after the first one.</summary>
    public int Repeats => Math.Max(0, Purchases - 1);

    public DateOnly First => DateOnly.FromDayNumber(_first);

    public DateOnly Last => DateOnly.FromDayNumber(_last);

    /// <summary>t_x of the papers, in days: from the first purchase to the last.</summary>
    public int RecencyDays => _last - _first;

    /// <summary>The customer's own mean time between purchases, in days; null before the second purchase.</summary>
    public double? MeanInterval => Repeats > 0 ? RecencyDays / (double)Repeats : null;

    /// <summary>Mean value of a purchase day; 0 before the first.</summary>
    public double MeanSpend => Purchases > 0 ? Spend / Purchases : 0;

    /// <summary>T of the papers, in days. A clock that went back makes nobody younger than their last purchase.</summary>
    public int AgeDays(DateOnly on) => Math.Max(on.DayNumber, _last) - _first;

    /// <summary>Days since the last purchase, at least 0.</summary>
    public int SilenceDays(DateOnly on) => Math.Max(0, on.DayNumber - _last);

    /// <summary>The rhythm with one more purchase.</summary>
    /// <param name="amount">What was paid, 0 or more; not known is 0.</param>
    /// <exception cref="ArgumentException">The day is before the last purchase (whether it was counted is no longer known: summarise the
    /// events again), or the amount is no amount.</exception>
    public PurchaseRhythm With(DateOnly day, double amount)
    {
        if (!(amount >= 0) || double.IsInfinity(amount)) throw new ArgumentException($"An amount of {amount} cannot have been paid.", nameof(amount));
        int number = day.DayNumber;
        if (Purchases == 0) return new PurchaseRhythm(number, number, 1, amount);
        if (number < _last)
            throw new ArgumentException($"A purchase on {day:O} comes after one on {Last:O} was counted; summarise the customer's events again.", nameof(day));
        return new PurchaseRhythm(_first, number, number == _last ? Purchases : Purchases + 1, Spend + amount);
    }
}
