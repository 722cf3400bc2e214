using Recommender.Cli.Commands;
using Recommender.Cli.Load;
using Recommender.Cli.Plotting;
using static Recommender.Cli.Plotting.Svg;

namespace Recommender.Cli.Reporting;

/// <summary>A measurement of a server as one page: latency by rate, by percentile, and second by second.</summary>
internal static class LoadReport
{
    private const double Width = 480, Wide = 1000, Height = 300;

    private static readonly (double Percent, string Name, string Colour)[] _percentiles =
        [(50, "p50", "var(--s3)"), (95, "p95", "var(--s1)"), (99, "p99", "var(--s2)"), (99.9, "p99.9", "var(--s5)")];

    private static readonly string[] _colours = ["var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)", "var(--s6)"];

    public static string Html(LoadResult result)
    {
        var page = new Page($"Load: {result.Options.Address}");
        string[] sentences = [.. LoadTable.Sentences(result)];
        page.Raw("<h1>Recommendations under load</h1>");
        for (int k = 0; k < sentences.Length; k++) page.Paragraph(sentences[k], k == 0 ? "verdict" : "");
        Figures(page, result);
        ByRate(page, result);
        ByPercentile(page, result);
        BySecond(page, result);
        page.Heading("Circumstances").Facts(
        [
            ("Server", $"{result.Options.Address}{(result.ServerPid is { } pid ? Invariant($", process {pid} of the same machine") : "")}"),
            ("When", Invariant($"{result.At:yyyy-MM-dd HH:mm}Z")),
            ("Each answer", result.Answered),
            ("Customers", Invariant($"{result.Customers:N0}, in turn")),
            ("Arrivals", result.Options.Poisson ? "a Poisson process" : "at equal distances"),
            ("Steps", Invariant($"{result.Options.Step.TotalSeconds:0} s each, after {result.Options.WarmUp.TotalSeconds:0} s of warming up; {result.Options.Connections} connections")),
            ("Empty call", "grpc.health.v1.Health/Check, through the same connections, runtime and pool of threads"),
            ("Remembered", result.Options.Preview ? "nothing: previews" : "every answer, as in trade"),
        ]);
        return page.ToString();
    }

    private static void Figures(Page page, LoadResult result)
    {
        string[] Cells(MeasuredStep step) =>
        [
            Invariant($"{step.Rate:N0} {Escaped(step.Call)}"), Invariant($"{step.Achieved:N0}"), .. _percentiles.Select(one => LoadTable.Ms(step.Latency.At(one.Percent))),
            LoadTable.Ms(step.Latency.Max), Invariant($"{step.Failed:N0}"), step.ServerMicroseconds is { } cpu ? Invariant($"{cpu:0}") : "",
            Invariant($"{step.Lateness.At(99).TotalMicroseconds:0}"), Invariant($"{step.OwnCores:0.00}"),
        ];
        page.Table(["due a second", "answered a second", .. _percentiles.Select(one => $"{one.Name}, ms"), "max", "failed", "server, us a call", "sent late, p99 us", "generator, cores"],
            result.Steps.SelectMany(step => step.Measured.Select(Cells)));
        page.Paragraph("Latencies count from the moment a request was due, whether or not earlier ones were answered, so queueing is in them; so is what the generator "
            + "itself sent too late. Percentiles are exact, of all answers.", "soft");
    }

    private static void ByRate(Page page, LoadResult result)
    {
        page.Heading("By arrival rate").Legend(_percentiles.Select(one => (one.Name, one.Colour))).Raw("<div class=\"figures\">");
        foreach (var (name, of) in new (string, Func<LoadStep, MeasuredStep>)[] { ("Recommend", step => step.Recommend), ("Empty call", step => step.Empty) })
        {
            var steps = result.Steps.Select(of).OrderBy(step => step.Rate).ToList();
            var chart = new Chart("", "requests due a second", [.. steps.Select(step => (step.Rate, Invariant($"{step.Rate:N0}")))],
                [.. _percentiles.Select(one => new Series(one.Name, one.Colour, [.. steps.Select(step => (step.Rate, step.Latency.At(one.Percent).TotalMilliseconds))], Dots: true))])
            { Legend = false };
            page.Drawing($"{name}: latency in ms", string.Join("; ", steps.Select(step => Invariant($"{step.Rate:N0} a second: p50 {LoadTable.Ms(step.Latency.At(50))}, p99 {LoadTable.Ms(step.Latency.At(99))} ms"))),
                Width, Height, svg => chart.Draw(svg, 0, 0, Width, Height));
        }
        page.Raw("</div>");
    }

    // At equal steps of nines: half, nine tenths, 99 hundredths ...
    private static void ByPercentile(Page page, LoadResult result)
    {
        (double At, string Label)[] ticks = [(0, "0"), (1, "90 %"), (2, "99 %"), (3, "99.9 %")];
        var series = result.Steps.Select((step, k) => new Series(Invariant($"{step.Rate:N0} a second"), _colours[k % _colours.Length],
            [.. Enumerable.Range(0, 31).Select(n => n / 10.0).Select(nines => (nines, step.Recommend.Latency.At(100 - 100 * Math.Pow(10, -nines)).TotalMilliseconds))])).ToList();
        var chart = new Chart("", "part of the recommendations that are faster", ticks, series) { Legend = false };
        page.Heading("By percentile").Legend(series.Select(one => (one.Name, one.Colour)))
            .Drawing("Latency in ms", string.Join("; ", result.Steps.Select(step => Invariant($"{step.Rate:N0} a second: p99.9 {LoadTable.Ms(step.Recommend.Latency.At(99.9))} ms"))),
                Wide, Height, svg => chart.Draw(svg, 0, 0, Wide, Height));
    }

    private static void BySecond(Page page, LoadResult result)
    {
        page.Heading("Second by second").Legend([("p50", "var(--s3)"), ("p99", "var(--s2)"), ("p99 where another version of the model went live", "var(--s4)")]).Raw("<div class=\"figures\">");
        foreach (var step in result.Steps.Where(step => step.Recommend.Seconds.Length > 1))
        {
            var seconds = step.Recommend.Seconds;
            int every = Math.Max(1, (seconds.Length + 9) / 10);
            var chart = new Chart("", "second", [.. seconds.Where((_, k) => k % every == 0).Select(second => ((double)second.Second, Invariant($"{second.Second + 1}")))],
                [
                    new Series("p50", "var(--s3)", [.. seconds.Select(second => ((double)second.Second, second.Median.TotalMilliseconds))]),
                    new Series("p99", "var(--s2)", [.. seconds.Select(second => ((double)second.Second, second.P99.TotalMilliseconds))]),
                    .. seconds.Where(step.Recommend.IsOfSwap)
                        .Select(second => new Series("swap", "var(--s4)", [(second.Second, second.P99.TotalMilliseconds)], Dots: true)),
                ])
            { Legend = false };
            var worst = step.Recommend.WorstSecond!;
            page.Drawing(Invariant($"{step.Rate:N0} a second: latency in ms"), Invariant($"p99 {LoadTable.Ms(step.Recommend.UsualSecond)} ms in the usual second, {LoadTable.Ms(worst.P99)} in second {worst.Second + 1}"),
                Width, Height, svg => chart.Draw(svg, 0, 0, Width, Height));
        }
        page.Raw("</div>");
    }
}
