using System.Globalization;
using Recommender.Interactions;

namespace Recommender.Evaluation;

/// <summary>Items put together by age, or where nothing is known of times by popularity.</summary>
/// <param name="By">"age" or "popularity".</param>
/// <param name="Bands">One band an item.</param>
public sealed record ItemBands(string By, Bands Bands)
{
    /// <summary>By the number of customers who have an item in training; each band holds about as many interactions.</summary>
    public static ItemBands ByPopularity(InteractionMatrix train)
    {
        var having = new long[train.ColumnCount];
        for (int row = 0; row < train.RowCount; row++)
        {
            foreach (int column in train.Row(row).Columns) having[column]++;
        }
        return new ItemBands("popularity", Bands.Even(having, count => count, "nobody", (from, to, last) => Bands.Text(from, to, last, "customer")));
    }

    /// <summary>By the day on which an item is first seen in the log; each band holds about as many items.</summary>
    /// <param name="firstSeen">One an item; null for an item that training does not know.</param>
    public static ItemBands ByAge(IReadOnlyList<DateTimeOffset?> firstSeen) => new("age", Bands.Even(
        [.. firstSeen.Select(seen => seen is { } moment ? DateOnly.FromDateTime(moment.UtcDateTime).DayNumber + 1L : 0)], _ => 1, "not in training",
        (from, to, _) => from == to ? Day(from) : $"{Day(from)} to {Day(to)}"));

    private static string Day(long number) => DateOnly.FromDayNumber((int)number - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
