namespace Recommender.LifeCycle;

/// <summary>Repeat purchases in one period: what the model expected of everybody who had bought by the day it was fitted on, and what came.</summary>
/// <param name="Until">The period's last day.</param>
/// <param name="AfterFit">Whether the model had not seen it.</param>
public readonly record struct TrackedPeriod(DateOnly Until, double Expected, long Actual, double ExpectedSum, long ActualSum, bool AfterFit);

/// <summary>Customers with as many repeat purchases before the fit, and how often one of them was expected to buy after it, and did.</summary>
/// <param name="Repeats">Repeat purchases before; in the last bin that many or more.</param>
public readonly record struct TrackedBin(int Repeats, bool OrMore, int Customers, double Expected, double Actual);

/// <summary>A model held against the purchases that came after it was fitted (the paper's figures 2 to 4).</summary>
/// <param name="Periods">From the first purchase of all on, oldest first; a period ends on the day of the fit.</param>
/// <param name="Bins">By repeat purchases before the fit.</param>
/// <param name="Expected">Purchases expected after the fit, given each customer's own history.</param>
/// <param name="Actual">Purchases after the fit of customers who had bought before it.</param>
public sealed record PurchaseTracking(IReadOnlyList<TrackedPeriod> Periods, IReadOnlyList<TrackedBin> Bins, double Expected, long Actual)
{
    /// <summary>Repeat purchases from which on customers share a bin.</summary>
    public const int LastBin = 7;

    /// <param name="until">The day the model was fitted on.</param>
    /// <param name="end">The last day that purchases are known of; not before <paramref name="until"/>.</param>
    public static PurchaseTracking Of(BgNbd model, IReadOnlyList<CustomerPurchases> customers, DateOnly until, DateOnly end, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(end, until);
        CustomerPurchases[] cohort = [.. customers.Where(customer => customer.Days.Count > 0 && customer.Days[0].On <= until)];
        int ahead = end.DayNumber - until.DayNumber;
        var bins = new (int Customers, double Expected, long Actual)[LastBin + 1];
        foreach (CustomerPurchases customer in cohort)
        {
            PurchaseRhythm rhythm = customer.RhythmUntil(until);
            ref var bin = ref bins[Math.Min(rhythm.Repeats, LastBin)];
            bin.Customers++;
            bin.Expected += model.ExpectedPurchases(rhythm, until, ahead);
            bin.Actual += customer.RepeatsBetween(until, end);
        }
        return new PurchaseTracking(Track(model, cohort, until, end, cancellation),
            [.. bins.Index().Where(bin => bin.Item.Customers > 0).Select(bin => new TrackedBin(bin.Index, bin.Index == LastBin,
                bin.Item.Customers, bin.Item.Expected / bin.Item.Customers, bin.Item.Actual / (double)bin.Item.Customers))],
            bins.Sum(bin => bin.Expected), bins.Sum(bin => bin.Actual));
    }

    private static List<TrackedPeriod> Track(BgNbd model, CustomerPurchases[] cohort, DateOnly until, DateOnly end, CancellationToken cancellation)
    {
        var periods = new List<TrackedPeriod>();
        if (cohort.Length == 0) return periods;
        (DateOnly First, int Count)[] joined = [.. cohort.CountBy(customer => customer.Days[0].On).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];
        DateOnly[] repeats = [.. cohort.SelectMany(customer => customer.Days.Skip(1)).Select(day => day.On).Where(day => day <= end).Order()];
        int unit = model.UnitDays, whole = (until.DayNumber - joined[0].First.DayNumber) / unit;
        double expectedBefore = 0;
        long actualBefore = 0;
        int counted = 0;
        for (DateOnly day = until.AddDays(-whole * unit); ; day = day.AddDays(Math.Min(unit, end.DayNumber - day.DayNumber)))
        {
            cancellation.ThrowIfCancellationRequested();
            double expected = joined.TakeWhile(group => group.First < day).Sum(group => group.Count * model.ExpectedRepeats(day.DayNumber - group.First.DayNumber));
            while (counted < repeats.Length && repeats[counted] <= day) counted++;
            periods.Add(new TrackedPeriod(day, expected - expectedBefore, counted - actualBefore, expected, counted, day > until));
            (expectedBefore, actualBefore) = (expected, counted);
            if (day >= end) return periods;
        }
    }
}
