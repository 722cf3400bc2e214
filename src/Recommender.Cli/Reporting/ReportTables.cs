using Recommender.Evaluation;
using static Recommender.Cli.Plotting.Svg;

namespace Recommender.Cli.Reporting;

/// <summary>The tables of a report.</summary>
internal static class ReportTables
{
    public static void Headline(Page page, EvaluationSummary summary)
    {
        int at = summary.Headline;
        page.Table(["", $"recall@{at}", $"NDCG@{at}", $"MRR@{at}", $"precision@{at}", "coverage", "novelty, bits", "Gini"], summary.Rankings.Select(ranking =>
        {
            var figures = ranking.At(at);
            return (IReadOnlyList<string>)[Escaped(ranking.Name), Cell(figures.Of(Figure.Recall)), Cell(figures.Of(Figure.Ndcg)),
                Cell(figures.Of(Figure.ReciprocalRank)),
                Cell(figures.Of(Figure.Precision)), $"{figures.Coverage:P1}", Cell(figures.Of(Figure.Novelty), "0.00"), $"{figures.Gini:0.000}"];
        }));
    }

    public static void ByLength(Page page, EvaluationSummary summary) =>
        page.Table(["", "first", "recall", "NDCG", "MRR", "precision", "novelty, bits", "coverage", "Gini"],
        summary.Rankings.SelectMany(ranking =>
            ranking.Cutoffs.Select(cutoff => (IReadOnlyList<string>)[Escaped(ranking.Name), $"{cutoff.At}", Cell(cutoff.Of(Figure.Recall)),
            Cell(cutoff.Of(Figure.Ndcg)), Cell(cutoff.Of(Figure.ReciprocalRank)), Cell(cutoff.Of(Figure.Precision)), Cell(cutoff.Of(Figure.Novelty), "0.00"),
            $"{cutoff.Coverage:P1}", $"{cutoff.Gini:0.000}"])));

    public static void Pair(Page page, PairedComparison pair, int at) =>
        page.Table(["", "difference", "better in resamples", "customers better / worse / same", ""],
        pair.Figures.Select(one => (IReadOnlyList<string>)[Name(one.Figure, at), Verdict.Difference(one.Difference), $"{one.ShareBetter:P1}",
            $"{one.Won:N0} / {one.Lost:N0} / {one.Tied:N0}", Word(one.Sign)]));

    public static void Customers(Page page, PairedComparison pair, Evaluated evaluated) =>
        page.Table(["customer", "known items", $"NDCG@{evaluated.Summary.Headline}"],
        pair.Gained.Concat(pair.Lost).Select(one => (IReadOnlyList<string>)[Escaped(evaluated.People[one.Row]), $"{one.Known:N0}",
            one.Ndcg > 0 ? $"<span class=\"good\">{one.Ndcg:+0.0000}</span>" : $"<span class=\"bad\">{one.Ndcg:0.0000}</span>"]));

    public static void ByActivity(Page page, EvaluationSummary summary) =>
        page.Table(["", "known", "customers", "recall", "NDCG", "MRR", "precision", "novelty, bits"],
        summary.Rankings.SelectMany(ranking =>
            ranking.ByActivity.Select(band => (IReadOnlyList<string>)[Escaped(ranking.Name), Escaped(band.Band), $"{band.Customers:N0}",
            Cell(band.Of(Figure.Recall)), Cell(band.Of(Figure.Ndcg)), Cell(band.Of(Figure.ReciprocalRank)), Cell(band.Of(Figure.Precision)),
            Cell(band.Of(Figure.Novelty), "0.00")])));

    public static void ByItems(Page page, EvaluationSummary summary) =>
        page.Table(["", "band", "items", "of training", "to be found", "of the places", "of the hits", "recall", "coverage"],
        summary.Rankings.SelectMany(ranking =>
            ranking.ByItems.Select(band => (IReadOnlyList<string>)[Escaped(ranking.Name), Escaped(band.Band), $"{band.Items:N0}",
            $"{band.Train:P1}", $"{band.Test:P1}", $"{band.Lists:P1}", $"{band.Hits:P1}",
            band.Recall is { } recall ? $"{recall:0.0000}" : "none to find", $"{band.Coverage:P1}"])));

    private static string Cell(Interval interval, string format = "0.0000") =>
        $"{interval.Mean.ToString(format)}<small>{interval.Low.ToString(format)} to {interval.High.ToString(format)}</small>";

    private static string Word(int sign) =>
        sign switch { > 0 => "<span class=\"good\">better</span>", < 0 => "<span class=\"bad\">worse</span>", _ => "not told apart" };

    private static string Name(Figure figure, int at) => figure switch
    {
        Figure.Recall => $"recall@{at}",
        Figure.Ndcg => $"NDCG@{at}",
        Figure.ReciprocalRank => $"MRR@{at}",
        Figure.Precision => $"precision@{at}",
        _ => "novelty",
    };
}
