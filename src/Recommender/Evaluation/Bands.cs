using System.Collections.Immutable;
using static System.FormattableString;

namespace Recommender.Evaluation;

/// <summary>Things put together by the size of something: customers by what is known of them, items by how many want them.</summary>
/// <param name="Names">For tables, lowest first.</param>
/// <param name="Of">The band of each thing.</param>
public sealed record Bands(ImmutableArray<string> Names, ImmutableArray<int> Of)
{
    /// <summary>Enough to show a trend, few enough to leave each a narrow interval.</summary>
    private const int Most = 5;

    public int Count => Names.Length;

    /// <summary>Positions of what is in a band.</summary>
    public int[] Members(int band) => [.. Enumerable.Range(0, Of.Length).Where(k => Of[k] == band)];

    /// <summary>Customers by the number of items known of them: bands of about as many customers, whatever the data.</summary>
    public static Bands OfHistories(IEnumerable<int> lengths) =>
        Even([.. lengths.Select(length => (long)length)], _ => 1, zero: "no items", (from, to, last) => Text(from, to, last, "item"));

    /// <summary>
    /// Bands of about the same weight; things of one value are never parted, so there may be fewer. Those of value 0 are a band of their own.
    /// </summary>
    internal static Bands Even(long[] values, Func<long, long> weight, string zero, Func<long, long, bool, string> name)
    {
        (long Value, double Weight)[] groups = [.. values.Where(value => value > 0).GroupBy(value => value).OrderBy(group => group.Key)
            .Select(group => (group.Key, (double)group.Count() * weight(group.Key)))];
        var names = new List<string>();
        var bandOf = new Dictionary<long, int>();
        if (values.Contains(0))
        {
            names.Add(zero);
            bandOf[0] = 0;
        }
        double left = groups.Sum(group => group.Weight);
        for (int first = 0, bands = Most; first < groups.Length; bands--)
        {
            int end = first;
            double held = 0;
            // A group goes where more of it fits.
            while (end < groups.Length && (end == first || bands == 1 || held + groups[end].Weight / 2 <= left / bands)) held += groups[end++].Weight;
            for (int k = first; k < end; k++) bandOf[groups[k].Value] = names.Count;
            names.Add(name(groups[first].Value, groups[end - 1].Value, end == groups.Length));
            left -= held;
            first = end;
        }
        return new Bands([.. names], [.. values.Select(value => bandOf[value])]);
    }

    /// <param name="noun">In the singular.</param>
    internal static string Text(long from, long to, bool last, string noun) => from == to ? Invariant($"{from:N0} {noun}{(to == 1 ? "" : "s")}")
        : last ? Invariant($"{from:N0} {noun}s or more") : Invariant($"{from:N0} to {to:N0} {noun}s");
}
