using Recommender.Evaluation;
using static Recommender.Cli.Plotting.Svg;

namespace Recommender.Cli.Reporting;

/// <summary>One page that a data scientist shows to a colleague: what was compared, on what, how sure it is, and how to do it again.</summary>
internal static class EvaluationReport
{
    public static string Html(Evaluated evaluated)
    {
        var page = new Page($"Evaluation: {string.Join(", ", evaluated.Models.Select(model => model.Name))}");
        Head(page, evaluated);
        Lengths(page, evaluated);
        Pairs(page, evaluated);
        Activity(page, evaluated);
        Items(page, evaluated);
        Exposure(page, evaluated);
        Data(page, evaluated.Data);
        Circumstances(page, evaluated);
        return page.ToString();
    }

    private static void Head(Page page, Evaluated evaluated)
    {
        page.Raw("<h1>Evaluation</h1>").Paragraph(evaluated.Verdict, "verdict");
        foreach (var model in evaluated.Models)
        {
            if (model.Warning is { } warning) page.Paragraph($"Mind {model.Name}: {warning}.", "warning");
        }
        if (evaluated.Rejected > 0) page.Paragraph($"{evaluated.Rejected:N0} lines could not be read; the figures are those of the rest.", "warning");
        page.Paragraph(
            $"{evaluated.Data.Origin}. {evaluated.Summary.Customers:N0} customers measured, {evaluated.Circumstances.At:yyyy-MM-dd HH:mm}Z.",
            "soft");
        ReportTables.Headline(page, evaluated.Summary);
        page.Paragraph("Every item of the catalogue was ranked for every customer; what they had was left out. "
            + "Small figures are 95 % confidence intervals (percentile bootstrap over customers, 1,000 resamples).", "soft");
    }

    private static void Lengths(Page page, Evaluated evaluated)
    {
        page.Heading("By length of list").Legend(Names(evaluated)).Raw("<div class=\"figures\">");
        ReportPlots.ByLength(page, evaluated, Figure.Recall, "Recall");
        ReportPlots.ByLength(page, evaluated, Figure.Ndcg, "NDCG");
        page.Raw("</div>").Folded("All figures by length of list", inner => ReportTables.ByLength(inner, evaluated.Summary));
    }

    private static void Pairs(Page page, Evaluated evaluated)
    {
        var last = evaluated.Summary.Comparisons[^1];
        page.Heading("Pair by pair").Paragraph("The same customers, so that what is hard for both cancels out. Each interval is of one pair alone: "
            + "of twenty pairs without a difference, one seems to have one.", "soft").Raw("<div class=\"figures\">");
        ReportPlots.Pairs(page, evaluated);
        ReportPlots.PairByActivity(page, evaluated, last);
        page.Raw("</div>");
        foreach (var pair in evaluated.Summary.Comparisons)
        {
            page.Raw($"<h3>{Escaped(pair.B)} over {Escaped(pair.A)}</h3>");
            ReportTables.Pair(page, pair, evaluated.Summary.Headline);
            page.Folded("Customers who gain and lose most", inner => ReportTables.Customers(inner, pair, evaluated));
        }
    }

    private static void Activity(Page page, Evaluated evaluated)
    {
        int at = evaluated.Summary.Headline;
        page.Heading("By what is known of a customer").Legend(Names(evaluated)).Raw("<div class=\"figures\">");
        ReportPlots.ByActivity(page, evaluated, Figure.Recall, $"Recall@{at}");
        ReportPlots.ByActivity(page, evaluated, Figure.Ndcg, $"NDCG@{at}");
        page.Raw("</div>").Folded("All figures by what is known", inner => ReportTables.ByActivity(inner, evaluated.Summary));
    }

    private static void Items(Page page, Evaluated evaluated)
    {
        bool byAge = evaluated.Summary.Items.By == "age";
        page.Heading(byAge ? "By age of an item" : "By popularity of an item")
            .Paragraph(byAge ? "When an item was first seen; bands of about as many items each."
                : "Times are not known, so items are told by how many customers have them in training; each band holds about as many of the interactions.",
                "soft")
            .Legend(ReportPlots.ItemParts).Raw("<div class=\"figures\">");
        foreach (var ranking in evaluated.Summary.Rankings.Take(evaluated.Models.Count + 1)) ReportPlots.ByItems(page, ranking, evaluated.Summary.Items.By);
        page.Raw("</div>").Folded("All figures by band", inner => ReportTables.ByItems(inner, evaluated.Summary));
    }

    private static void Exposure(Page page, Evaluated evaluated)
    {
        page.Heading("Who is shown").Legend(Names(evaluated)).Raw("<div class=\"figures\">");
        ReportPlots.Lorenz(page, evaluated);
        page.Raw("<div>").Table(["", "items shown", "Gini", "novelty, bits"], evaluated.Summary.Rankings.Select(ranking =>
        {
            var figures = ranking.At(evaluated.Summary.Headline);
            return (IReadOnlyList<string>)[Escaped(ranking.Name), $"{figures.Coverage:P1}", $"{figures.Gini:0.000}", $"{figures.Of(Figure.Novelty).Mean:0.00}"];
        }));
        page.Paragraph("Gini: 0 where every item is shown equally often, near 1 where few have all the places. "
            + "Novelty: what a listed item says about its customer, log2 of customers over those who have it.", "soft").Raw("</div></div>");
    }

    private static void Data(Page page, MeasuredData data) => page.Heading("The data").Facts(
    [
        ("Origin", data.Origin),
        ("Customers with a history", $"{data.Customers:N0}"),
        ("Items ranked", $"{data.Items:N0}"),
        ("Interactions learned", $"{data.Interactions:N0} ({data.Density:P3} of all pairs; {data.MedianHistory:N0} items known of the customer in the middle)"),
        ("Customers measured", $"{data.Measured:N0}, {data.MeasuredUnknown:N0} of them without a history"),
        ("To be found", $"{data.ToFind:N0} pairs, {data.ToFindUnknown:N0} of them of items that nobody has in training"),
    ]);

    private static void Circumstances(Page page, Evaluated evaluated)
    {
        page.Heading("To do it again").Facts(
        [
            ("Command", evaluated.Circumstances.Command),
            ("Seed", $"{evaluated.Circumstances.Seed}"),
            ("Code", evaluated.Circumstances.CodeVersion),
            ("Memory at most", $"{evaluated.Circumstances.PeakBytes / (double)(1 << 20):N0} MiB"),
        ]);
        foreach (var model in evaluated.Models)
        {
            if (model.Card is not { } card)
            {
                page.Paragraph($"{model.Name}: {model.Origin}, as it is.", "soft");
                continue;
            }
            string training = model.TrainCpu is { } cpu ? $"trained in {cpu.TotalSeconds:N1} CPU seconds"
                : $"version of {card.TrainedAt:yyyy-MM-dd HH:mm}Z, trained on events up to {card.EventsUpTo:N0}";
            page.Folded($"{model.Name}: {training}, seed {card.Seed}, code {card.CodeVersion}",
                inner => inner.Raw($"<pre>{Escaped(card.Recipe.ToJson())}</pre>"));
        }
    }

    private static IEnumerable<(string Name, string Colour)> Names(Evaluated evaluated) =>
        evaluated.Summary.Rankings.Select(ranking => ranking.Name).Zip(ReportPlots.Colours(evaluated));
}
