using System.Text.Json.Nodes;
using Recommender.Cli.Reporting;
using Recommender.Evaluation;

namespace Recommender.Cli.Commands;

/// <summary>What `evaluate --json` answers: the first model's figures under short keys at the top, for scripts, and everything below them.</summary>
internal static class EvaluationJson
{
    public static Dictionary<string, object?> Of(Evaluated evaluated)
    {
        var figures = new Dictionary<string, object?>();
        var model = evaluated.Summary.Rankings[0];
        foreach (var cutoff in model.Cutoffs)
        {
            (figures[$"recall@{cutoff.At}"], figures[$"ndcg@{cutoff.At}"]) = (cutoff.Of(Figure.Recall).Mean, cutoff.Of(Figure.Ndcg).Mean);
            (figures[$"recall@{cutoff.At}_interval"], figures[$"ndcg@{cutoff.At}_interval"]) = (Ends(cutoff.Of(Figure.Recall)), Ends(cutoff.Of(Figure.Ndcg)));
            (figures[$"mrr@{cutoff.At}"], figures[$"precision@{cutoff.At}"]) = (cutoff.Of(Figure.ReciprocalRank).Mean, cutoff.Of(Figure.Precision).Mean);
        }
        foreach (var cutoff in evaluated.Popularity.Cutoffs)
            (figures[$"popularity_recall@{cutoff.At}"], figures[$"popularity_ndcg@{cutoff.At}"]) = (cutoff.Of(Figure.Recall).Mean, cutoff.Of(Figure.Ndcg).Mean);
        figures["customers_measured"] = evaluated.Summary.Customers;
        figures["train_cpu_seconds"] = evaluated.Models[0].TrainCpu is { } cpu ? Math.Round(cpu.TotalSeconds, 2) : null;
        figures["train_seconds"] = evaluated.Models[0].Card?.TrainingSeconds;
        figures["peak_bytes"] = evaluated.Circumstances.PeakBytes;
        figures["verdict"] = evaluated.Verdict;
        figures["data"] = evaluated.Data;
        figures["headline"] = evaluated.Summary.Headline;
        figures["models"] = evaluated.Models.Select(one => new
        {
            one.Name,
            one.Card?.Id,
            one.Origin,
            one.Warning,
            TrainCpuSeconds = one.TrainCpu?.TotalSeconds,
            one.Card?.TrainingSeconds,
            one.Card?.Seed,
            one.Card?.CodeVersion,
            Recipe = one.Card is { } card ? JsonNode.Parse(card.Recipe.ToJson()) : null,
        });
        figures["rankings"] = evaluated.Summary.Rankings.Select(Ranking);
        figures["comparisons"] = evaluated.Summary.Comparisons.Select(pair => Comparison(pair, evaluated));
        figures["circumstances"] = evaluated.Circumstances;
        return figures;
    }

    private static object Ranking(RankingSummary ranking) => new
    {
        ranking.Name,
        Cutoffs = ranking.Cutoffs.Select(cutoff =>
            Figures(cutoff.Figures, new() { ["at"] = cutoff.At, ["coverage"] = cutoff.Coverage, ["gini"] = cutoff.Gini })),
        ByActivity = ranking.ByActivity.Select(band => Figures(band.Figures, new() { ["band"] = band.Band, ["customers"] = band.Customers })),
        ByItems = ranking.ByItems,
    };

    private static Dictionary<string, object> Figures(IReadOnlyList<Interval> figures, Dictionary<string, object> with)
    {
        foreach (var figure in Enum.GetValues<Figure>()) with[Name(figure)] = figures[(int)figure];
        return with;
    }

    private static object Comparison(PairedComparison pair, Evaluated evaluated) => new
    {
        pair.A,
        pair.B,
        Figures = pair.Figures.ToDictionary(one => Name(one.Figure), one => new
        {
            one.Difference.Mean,
            one.Difference.Low,
            one.Difference.High,
            one.ShareBetter,
            one.Won,
            one.Lost,
            one.Tied,
            Verdict = one.Sign switch { > 0 => "better", < 0 => "worse", _ => "not told apart" },
        }),
        NdcgByActivity = pair.ByActivity,
        Gained = pair.Gained.Select(one => Customer(one, evaluated)),
        Lost = pair.Lost.Select(one => Customer(one, evaluated)),
    };

    private static object Customer(CustomerDifference one, Evaluated evaluated) => new { Customer = evaluated.People[one.Row], one.Known, one.Ndcg };

    private static string Name(Figure figure) => figure switch
    {
        Figure.Recall => "recall",
        Figure.Ndcg => "ndcg",
        Figure.ReciprocalRank => "mrr",
        Figure.Precision => "precision",
        _ => "novelty",
    };

    private static double[] Ends(Interval interval) => [interval.Low, interval.High];
}
