namespace Recommender.Repeats;

/// <summary>When one person bought one item. Days are counted from 1970.</summary>
/// <param name="Purchases">Days on which it was bought and not wholly returned since; 0 where it never was.</param>
/// <param name="FirstDay">The first of them.</param>
/// <param name="LastDay">The last of them.</param>
public readonly record struct PurchaseHabit(int Purchases, int FirstDay, int LastDay)
{
    /// <summary>Mean days between purchases; null before the second.</summary>
    public double? MeanInterval => Purchases > 1 ? (double)(LastDay - FirstDay) / (Purchases - 1) : null;

    /// <summary>The day of a moment (UTC).</summary>
    public static int DayOf(DateTimeOffset moment) => (int)Math.Floor((moment - DateTimeOffset.UnixEpoch).TotalDays);
}
