using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Repeats;

/// <summary>Over all people, how many of an item's buyers bought it again and after how many days. Immutable.</summary>
/// <param name="Shares">Part of the buyers of each item who came back for it, drawn to that of all items where there are few.</param>
/// <param name="Days">Median over them of their mean interval; that of all items where nobody came back.</param>
public sealed record RepeatRates(ImmutableArray<float> Shares, ImmutableArray<float> Days)
{
    // Buyers of whom an item's own share counts half.
    private const double FewBuyers = 10;

    // The part of an interval after which an item is not too fresh any more: the day after (1/7) next to nothing is due, from the half on nearly all.
    private const double Fresh = 0.35;

    /// <summary>What somebody's habit makes of this day.</summary>
    /// <param name="item">Its number.</param>
    /// <param name="habit">When they bought it.</param>
    /// <param name="day">Today, as a fraction of days from 1970.</param>
    /// <param name="options">Of the recipe.</param>
    public DueItem Expected(int item, PurchaseHabit habit, double day, RepeatOptions options)
    {
        if (habit.Purchases == 0 || options.Weight == 0) return new DueItem(item, 0, 1);
        int again = habit.Purchases - 1;
        double interval = (again * (habit.MeanInterval ?? 0) + options.UsualIntervals * Days[item]) / Math.Max(1e-9, again + options.UsualIntervals);
        if (!(interval > 0)) return new DueItem(item, 0, 1);
        double elapsed = Math.Max(0, day - habit.LastDay) / interval;
        double goesOn = (again + Shares[item]) / (again + 1), due = 1 - (1 - options.Early) * Math.Exp(-Math.Pow(elapsed / Fresh, 4));
        double alive = double.Exp2(-Math.Max(0, elapsed - 1) / options.Patience), tempo = options.Tempo / (options.Tempo + interval);
        return new DueItem(item, (float)(options.Weight * goesOn * due * alive * tempo), (float)due);
    }

    /// <summary>The same for more items, of which nothing is known.</summary>
    internal RepeatRates Grown(int items) => new([.. Shares, .. new float[items - Shares.Length]], [.. Days, .. new float[items - Days.Length]]);

    /// <summary>The same in the numbers of another vocabulary; of items that are only in that one nothing is known.</summary>
    internal RepeatRates Renumbered(Vocabulary from, Vocabulary to)
    {
        int[] numbers = [.. Enumerable.Range(0, to.Count).Select(item => from.TryGetNumber(to[item], out int number) ? number : -1)];
        return new([.. numbers.Select(number => number < 0 ? 0 : Shares[number])], [.. numbers.Select(number => number < 0 ? 0 : Days[number])]);
    }

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
