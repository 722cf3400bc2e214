using System.Globalization;

namespace Recommender.Relationship;

/// <summary>
/// Finds the occasions that come up. Days are the customer's dates and the shop's calendar days, without clock or zone. Who was born on
/// 29 February is congratulated on the 28th where there is no 29th: nobody minds a day early, some mind a day late.
/// </summary>
public sealed class Occasions(ItemIntervals intervals, OccasionOptions options)
{
    /// <summary>The longest lead time, in days.</summary>
    public const int LongestLead = 366;

    private readonly OccasionOptions _options = options.Validated();

    /// <summary>What comes up from today to <paramref name="within"/> days ahead, soonest first, and replenishments somewhat overdue.</summary>
    /// <param name="within">0 (today only) to <see cref="LongestLead"/>.</param>
    public IReadOnlyList<Occasion> Due(OccasionEvidence customer, DateOnly today, int within)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(within);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(within, LongestLead);
        var due = new List<Occasion>();
        if (customer.Birthday is { } birthday && Next(birthday, today, within) is { } born)
            due.Add(new(OccasionKind.Birthday, born, "birthday", null, In(born, today, "birthday")));
        if (customer.FirstPurchase is { } first && Next(first, today, within) is { } day && day.Year > first.Year)
        {
            string years = day.Year - first.Year == 1 ? "one year" : $"{day.Year - first.Year} years";
            string reason = In(day, today, $"{years} since the first purchase");
            due.Add(new(OccasionKind.Anniversary, day, "anniversary of the first purchase", null, reason));
        }
        foreach (CustomerDate date in customer.Dates)
        {
            DateOnly? on = date.Yearly ? Next(date.On, today, within) : InReach(date.On, today, within);
            if (on is { } reached && reached >= date.On)
                due.Add(new(OccasionKind.CustomerDate, reached, date.Name, null, In(reached, today, date.Name)));
        }
        foreach (ItemPurchases item in customer.Items)
            if (Replenishment(item, today, within) is { } used) due.Add(used);
        return [.. due.OrderBy(occasion => occasion.On).ThenBy(occasion => occasion.Kind).ThenBy(occasion => occasion.Name, StringComparer.Ordinal)];
    }

    private Occasion? Replenishment(ItemPurchases item, DateOnly today, int within)
    {
        bool own = item.Days.Count >= _options.OwnRhythmPurchases;
        double days;
        string why;
        if (own && item.MedianInterval is { } interval)
            (days, why) = (interval, Text($"bought {item.Days.Count} times, every {interval:0.#} days"));
        else if (intervals.Items.TryGetValue(item.ItemId, out ConsumableItem consumable))
            (days, why) = (consumable.MedianDays, Text($"customers buy it again after {consumable.MedianDays:0.#} days"));
        else
            return null;
        DateOnly last = item.Days[^1];
        double due = last.DayNumber + Math.Max(1, Math.Round(days));
        if (due > today.DayNumber + within || due + _options.OverdueIntervals * days < today.DayNumber) return null;
        return new Occasion(OccasionKind.Replenishment, DateOnly.FromDayNumber((int)due), item.ItemId, item.ItemId, Text($"{why}, last on {last:yyyy-MM-dd}"));
    }

    // This year's day, or next year's where this one's has passed.
    private static DateOnly? Next(DateOnly date, DateOnly today, int within) =>
        InReach(InYear(date, today.Year), today, within) ?? (today.Year < DateOnly.MaxValue.Year ? InReach(InYear(date, today.Year + 1), today, within) : null);

    private static DateOnly InYear(DateOnly date, int year) => new(year, date.Month, Math.Min(date.Day, DateTime.DaysInMonth(year, date.Month)));

    private static DateOnly? InReach(DateOnly day, DateOnly today, int within) =>
        day >= today && day.DayNumber - today.DayNumber <= within ? day : null;

    private static string In(DateOnly day, DateOnly today, string what) => (day.DayNumber - today.DayNumber) switch
    {
        0 => $"{what} today",
        1 => $"{what} tomorrow",
        int days => $"{what} in {days} days",
    };

    private static string Text(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
