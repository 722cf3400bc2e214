using Recommender.LifeCycle;

namespace Recommender.Tests.LifeCycle;

internal static class Rhythms
{
    /// <summary>A customer who bought on these days after the first of January 2025, the 0th, for 10 each time.</summary>
    public static PurchaseRhythm On(params IEnumerable<int> days)
    {
        var rhythm = new PurchaseRhythm();
        foreach (int day in days) rhythm = rhythm.With(Day(day), 10);
        return rhythm;
    }

    public static DateOnly Day(int number) => new DateOnly(2025, 1, 1).AddDays(number);

    /// <summary>The customer of the papers with x, t_x and T; days between are of no consequence.</summary>
    public static PurchaseRhythm With(int repeats, int recencyDays) =>
        On([0, .. Enumerable.Range(recencyDays - repeats + 1, repeats)]);
}
