using System.Globalization;
using System.Text;
using Recommender.LifeCycle;

namespace Recommender.Cli.Plotting;

/// <summary>A model's expectations beside what came, as one image that needs nothing else: by period, summed up, and by earlier purchases.</summary>
internal static class TrackingPlot
{
    private const int Width = 1_000, Height = 860, HalfHeight = 400, Margin = 30;
    private const string ExpectedColour = "#0b66c3", ActualColour = "#d9660a";

    private const string Style = """
        <style>
        text { font: 13px system-ui, sans-serif; fill: #333 } .title { font-size: 16px; font-weight: 600 } .end { text-anchor: end } .middle { text-anchor: middle }
        .grid { stroke: #e4e4e4 } .mark { stroke: #888; stroke-dasharray: 5 4 } .line { fill: none; stroke-width: 2.2 }
        </style>
        """;

    public static string Svg(BgNbdFit fit, PurchaseTracking tracking, DateOnly until)
    {
        var svg = new StringBuilder();
        svg.AppendLine($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\">");
        svg.AppendLine("<title>Repeat purchases, expected and actual</title>").AppendLine(Style);
        svg.AppendLine($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>");
        string period = fit.Model.Unit == TimeUnit.Week ? "week" : "day";
        // The last period may be cut short by the end of the file; its dip would mean nothing.
        var whole = tracking.Periods.Where((one, i) => i == 0 || one.Until.DayNumber - tracking.Periods[i - 1].Until.DayNumber == fit.Model.UnitDays).ToList();
        ByTime($"Repeat purchases a {period}", whole, one => one.Expected, one => one.Actual, until, dates: 6).Draw(svg, 0, 0, Width, HalfHeight);
        ByTime("Repeat purchases so far", tracking.Periods, one => one.ExpectedSum, one => one.ActualSum, until, dates: 3)
            .Draw(svg, 0, HalfHeight + Margin, Width / 2, HalfHeight);
        ByEarlierPurchases(tracking).Draw(svg, Width / 2, HalfHeight + Margin, Width / 2, HalfHeight);
        return svg.AppendLine("</svg>").ToString();
    }

    public static string Html(string svg) => $"""
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>Repeat purchases, expected and actual</title>
        <body style="margin:0;background:#fff">
        {svg}</body></html>

        """;

    private static Chart ByTime(string title, IReadOnlyList<TrackedPeriod> periods, Func<TrackedPeriod, double> expected, Func<TrackedPeriod, double> actual,
        DateOnly until, int dates)
    {
        int every = Math.Max(1, (periods.Count + dates - 1) / dates);
        return new Chart(title, "until",
            [.. periods.Where((_, i) => i % every == every / 2).Select(one => ((double)one.Until.DayNumber, one.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))],
            [
                new Series("expected", ExpectedColour, [.. periods.Select(one => ((double)one.Until.DayNumber, expected(one)))]),
                new Series("actual", ActualColour, [.. periods.Select(one => ((double)one.Until.DayNumber, actual(one)))]),
            ])
        {
            Mark = (until.DayNumber, "fitted"),
        };
    }

    private static Chart ByEarlierPurchases(PurchaseTracking tracking) => new("Purchases of a customer after the fit", "repeat purchases before the fit",
        [.. tracking.Bins.Select(bin => ((double)bin.Repeats, bin.OrMore ? $"{bin.Repeats}+" : $"{bin.Repeats}"))],
        [
            new Series("expected", ExpectedColour, [.. tracking.Bins.Select(bin => ((double)bin.Repeats, bin.Expected))], Dots: true),
            new Series("actual", ActualColour, [.. tracking.Bins.Select(bin => ((double)bin.Repeats, bin.Actual))], Dots: true),
        ]);
}
