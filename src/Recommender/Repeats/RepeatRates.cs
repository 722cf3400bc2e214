using System.Collections.Immutable;

namespace Recommender.Repeats;

/// <summary>Over all people, how many of an item's buyers bought it again and after how many days. Immutable.</summary>
/// <param name="Shares">Part of the buyers of each item who came back for it, drawn to that of all items where there are few.</param>
/// <param name="Days">Median over them of their mean interval; that of all items where nobody came back.</param>
public sealed record RepeatRates(ImmutableArray<float> Shares, ImmutableArray<float> Days)
{
    // Buyers of whom an item's own share counts half.
    private const double FewBuyers = 10;

    // People's own first intervals vary a lot, so that the day after is hardly due (1/7: 4 %) and the usual day is (86 %).
    private const double Steepness = 2;

    /// <summary>How much is to be added to an item's score for what somebody's habit makes of this day.</summary>
    /// <param name="item">Its number.</param>
    /// <param name="habit">When they bought it.</param>
    /// <param name="day">Today, as a fraction of days from 1970.</param>
    /// <param name="options">Of the recipe.</param>
    public double Expected(int item, PurchaseHabit habit, double day, RepeatOptions options)
    {
        if (habit.Purchases == 0 || options.Weight == 0) return 0;
        int again = habit.Purchases - 1;
        double interval = (again * (habit.MeanInterval ?? 0) + options.UsualIntervals * Days[item]) / Math.Max(1e-9, again + options.UsualIntervals);
        if (!(interval > 0)) return 0;
        double elapsed = Math.Max(0, day - habit.LastDay) / interval;
        double goesOn = (again + Shares[item]) / (again + 1), due = 1 - Math.Exp(-Steepness * elapsed * elapsed);
        double alive = double.Exp2(-Math.Max(0, elapsed - 1) / options.Patience), tempo = options.Tempo / (options.Tempo + interval);
        return options.Weight * goesOn * due * alive * tempo;
    }

    /// <summary>The same for more items, of which nothing is known.</summary>
    internal RepeatRates Grown(int items) => new([.. Shares, .. new float[items - Shares.Length]], [.. Days, .. new float[items - Days.Length]]);

    /// <summary>Learns from one entry a person and item.</summary>
    internal static RepeatRates Of(int items, IReadOnlyList<(int Item, PurchaseHabit Habit)> habits)
    {
        var buyers = new int[items];
        var repeaters = new int[items];
        var intervals = new List<(int Item, float Days)>();
        foreach ((int item, PurchaseHabit habit) in habits)
        {
            if (habit.Purchases == 0) continue;
            buyers[item]++;
            if (habit.MeanInterval is not { } mean) continue;
            repeaters[item]++;
            intervals.Add((item, (float)mean));
        }
        intervals.Sort();
        float usual = intervals.Count == 0 ? 0 : intervals.Select(one => one.Days).Order().ElementAt(intervals.Count / 2);
        double all = buyers.Sum() == 0 ? 0 : (double)repeaters.Sum() / buyers.Sum();
        var shares = ImmutableArray.CreateBuilder<float>(items);
        var days = ImmutableArray.CreateBuilder<float>(items);
        int at = 0;
        for (int item = 0; item < items; item++)
        {
            shares.Add((float)((repeaters[item] + FewBuyers * all) / (buyers[item] + FewBuyers)));
            days.Add(repeaters[item] == 0 ? usual : intervals[at + repeaters[item] / 2].Days);
            at += repeaters[item];
        }
        return new RepeatRates(shares.MoveToImmutable(), days.MoveToImmutable());
    }
}
