using System.Collections.Immutable;

namespace Recommender.Cli.Demo;

/// <summary>When people buy books: the months a genre sells in, and how busy the shop is on a day and at an hour.</summary>
internal static class BookshopCalendar
{
    private static readonly double[] _monthlyTraffic = [1.0, 0.85, 0.9, 0.9, 0.9, 0.95, 1.15, 1.1, 0.95, 1.0, 1.4, 2.3];

    // Visits by the hour: few at breakfast, some at lunch, most in the evening.
    private static readonly double[] _hourlyTraffic =
        [1, 0, 0, 0, 0, 0, 1, 2, 3, 5, 6, 6, 7, 6, 5, 5, 6, 7, 8, 10, 12, 11, 7, 3];

    /// <summary>Gift books: November and December.</summary>
    public static ImmutableArray<double> Winter(double peak) => Months(peak, 12, spread: 1);

    /// <summary>What is planned and planted: March to May.</summary>
    public static ImmutableArray<double> Spring(double peak) => Months(peak, 4, spread: 2);

    /// <summary>What is taken along: June to August.</summary>
    public static ImmutableArray<double> Summer(double peak) => Months(peak, 7, spread: 2);

    public static ImmutableArray<double> Autumn(double peak) => Months(peak, 10, spread: 1);

    /// <summary>Good resolutions.</summary>
    public static ImmutableArray<double> January(double peak) => Months(peak, 1, spread: 1);

    /// <summary>Long novels for the summer and for the days after Christmas.</summary>
    public static ImmutableArray<double> Holidays(double peak) =>
        [.. Months(peak, 7, spread: 1).Zip(Months(peak, 12, spread: 1), Math.Max)];

    /// <summary>How busy a day is, compared with a usual one.</summary>
    public static double Traffic(DateTimeOffset day)
    {
        double weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.35 : 1;
        bool closed = day is { Month: 12, Day: 25 or 26 };
        return _monthlyTraffic[day.Month - 1] * weekend * (closed ? 0.2 : 1);
    }

    public static ImmutableArray<double> Hours => [.. _hourlyTraffic];

    // The peak falls off to 0.6 over the months of the spread; months wrap around the year.
    private static ImmutableArray<double> Months(double peak, int month, int spread) =>
        [.. Enumerable.Range(1, 12).Select(m =>
        {
            int distance = Math.Min(Math.Abs(m - month), 12 - Math.Abs(m - month));
            return distance > spread ? 0.6 : 0.6 + (peak - 0.6) * (1 - distance / (spread + 1.0));
        })];
}
