using System.Text;
using Recommender.Cli.Plotting;
using Recommender.Evaluation;

namespace Recommender.Cli.Reporting;

/// <summary>The drawings of a report.</summary>
internal static class ReportPlots
{
    private const double Width = 480, Height = 300;
    private const string Popular = "var(--popular)", Chance = "var(--chance)";
    private static readonly string[] _colours = ["var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)", "var(--s6)"];

    /// <summary>One of each ranking, the same in all drawings.</summary>
    public static string[] Colours(Evaluated evaluated) =>
        [.. evaluated.Models.Select((_, k) => _colours[k % _colours.Length]), Popular, Chance];

    public static void ByLength(Page page, Evaluated evaluated, Figure figure, string name)
    {
        var rankings = evaluated.Summary.Rankings;
        string[] colours = Colours(evaluated);
        // At equal steps: the interesting lengths differ by factors.
        var chart = new Chart("", "length of list", [.. rankings[0].Cutoffs.Select((cutoff, k) => ((double)k, $"{cutoff.At}"))],
            [.. rankings.Select((ranking, k) =>
                new Series(ranking.Name, colours[k],
                    [.. ranking.Cutoffs.Select((cutoff, n) => ((double)n, cutoff.Of(figure).Mean))], Dots: true)
            {
                Spread = [.. ranking.Cutoffs.Select(cutoff => (cutoff.Of(figure).Low, cutoff.Of(figure).High))],
            })])
        { Legend = false };
        page.Drawing($"{name} by length of list",
            Said(rankings, ranking =>
                string.Join(", ", ranking.Cutoffs.Select(cutoff => $"{cutoff.Of(figure).Mean:0.0000} at {cutoff.At}"))),
            Width, Height, svg => chart.Draw(svg, 0, 0, Width, Height));
    }

    public static void ByActivity(Page page, Evaluated evaluated, Figure figure, string name)
    {
        var rankings = evaluated.Summary.Rankings;
        string[] colours = Colours(evaluated);
        var chart = new BarChart("items known of the customer", [.. evaluated.Summary.Activity.Names.Select(WithoutNoun)],
            [.. rankings.Select((ranking, k) => new BarSeries(ranking.Name, colours[k], [.. ranking.ByActivity.Select(band => Bar(band.Of(figure)))]))]);
        page.Drawing(name, Said(rankings, ranking => string.Join(", ", ranking.ByActivity.Select(band => $"{band.Of(figure).Mean:0.0000} for {band.Band}"))),
            Width, Height, svg => chart.Draw(svg, Width, Height));
    }

    public static readonly (string Name, string Colour)[] ItemParts =
        [("of what was to be found", Popular), ("of the places in the lists", "var(--s1)"), ("of the hits", "var(--s3)")];

    public static void ByItems(Page page, RankingSummary ranking, string by)
    {
        BarSeries Part(int k, Func<ItemFigures, double> part) =>
            new(ItemParts[k].Name, ItemParts[k].Colour, [.. ranking.ByItems.Select(band => (100 * part(band), 0.0, 0.0))]);
        var chart = new BarChart(by == "age" ? "item first seen" : "customers who have the item in training",
            [.. ranking.ByItems.Select(band => WithoutNoun(band.Band))],
            [Part(0, band => band.Test), Part(1, band => band.Lists), Part(2, band => band.Hits)]);
        string said = string.Join("; ",
            ranking.ByItems.Select(band =>
                $"{band.Band}: {band.Test:P1} to be found, {band.Lists:P1} of the places, {band.Hits:P1} of the hits"));
        page.Drawing($"{ranking.Name}, in %", said, Width, Height, svg => chart.Draw(svg, Width, Height));
    }

    public static void Lorenz(Page page, Evaluated evaluated)
    {
        var rankings = evaluated.Summary.Rankings;
        string[] colours = Colours(evaluated);
        (double At, string Label)[] ticks = [(0, "0"), (25, "25"), (50, "50"), (75, "75"), (100, "100")];
        var chart = new Chart("", "% of the items, least shown first", ticks,
            [new Series("all the same", "var(--rule)", [(0, 0), (100, 100)]),
                .. rankings.Select((ranking, k) => new Series(ranking.Name, colours[k],
                    [.. ranking.Lorenz.Select((part, step) => (100.0 * step / (ranking.Lorenz.Length - 1), 100 * part))]))])
        { Legend = false };
        string said = Said(rankings, ranking =>
            $"Gini {ranking.At(evaluated.Summary.Headline).Gini:0.000}, half of the items have {ranking.Lorenz[ranking.Lorenz.Length / 2]:P1} of the places");
        page.Drawing("Part of the places in the lists that the least shown items have, in % (Lorenz curve)", said, Width, Height,
            svg => chart.Draw(svg, 0, 0, Width, Height));
    }

    public static void Pairs(Page page, Evaluated evaluated)
    {
        var chart = new IntervalChart($"difference in NDCG@{evaluated.Summary.Headline}",
            [.. evaluated.Summary.Comparisons.Select(pair => Row($"{pair.B} over {pair.A}", pair.Of(Figure.Ndcg)))]);
        page.Drawing("Differences on the same customers", string.Join("; ", chart.Rows.Select(row => $"{row.Label} {row.Figures}")), Width,
            chart.Height, svg => chart.Draw(svg, Width));
    }

    /// <summary>The last pair's difference band by band: where a gain comes from.</summary>
    public static void PairByActivity(Page page, Evaluated evaluated, PairedComparison pair)
    {
        var chart = new IntervalChart($"difference in NDCG@{evaluated.Summary.Headline}",
            [.. pair.ByActivity.Select((interval, band) =>
                new IntervalRow(evaluated.Summary.Activity.Names[band], Verdict.Difference(interval), interval.Mean, interval.Low,
                    interval.High,
                Colour(evaluated.Summary.Rankings[0].ByActivity[band].Customers < PairedDifference.FewestCustomers ? 0
                    : interval.Low > 0 ? 1
                    : interval.High < 0 ? -1
                    : 0)))]);
        page.Drawing($"{pair.B} over {pair.A}, by what is known of the customer",
            string.Join("; ", chart.Rows.Select(row => $"{row.Label} {row.Figures}")), Width, chart.Height, svg => chart.Draw(svg, Width));
    }

    // The axis says what is counted.
    private static string WithoutNoun(string band) => band switch
    {
        "no items" => "none",
        _ => band.Replace(" customers", "", StringComparison.Ordinal).Replace(" customer", "", StringComparison.Ordinal)
            .Replace(" items", "", StringComparison.Ordinal).Replace(" item", "", StringComparison.Ordinal),
    };

    private static IntervalRow Row(string label, PairedDifference difference) => new(label, Verdict.Difference(difference.Difference),
        difference.Difference.Mean, difference.Difference.Low, difference.Difference.High, Colour(difference.Sign));

    private static string Colour(int sign) => sign switch { > 0 => "var(--good)", < 0 => "var(--bad)", _ => "var(--soft)" };

    private static (double, double, double) Bar(Interval interval) => (interval.Mean, interval.Low, interval.High);

    private static string Said(IEnumerable<RankingSummary> rankings, Func<RankingSummary, string> of) =>
        new StringBuilder().AppendJoin("; ", rankings.Select(ranking => $"{ranking.Name}: {of(ranking)}")).ToString();
}
