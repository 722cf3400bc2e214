using Recommender.Cli.Reporting;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Spectre.Console;

namespace Recommender.Cli.Commands;

/// <summary>What `evaluate` shows on a terminal: the models beside popularity and chance, by length of list, by band, and what follows from it.</summary>
internal static class EvaluationTable
{
    public static void Show(Screen screen, Evaluated evaluated)
    {
        var summary = evaluated.Summary;
        screen.Line(evaluated.Data.Origin);
        var data = evaluated.Data;
        screen.Line($"{data.Customers:N0} customers, {data.Items:N0} items, {data.Interactions:N0} interactions; {data.ToFind:N0} to be "
            + $"found, of {summary.Customers:N0} customers");
        screen.Out.Write(Headline(summary));
        screen.Out.Write(ByLength(summary));
        screen.Out.Write(ByBand(summary));
        foreach (var model in evaluated.Models)
        {
            if (model is { TrainCpu: { } cpu, Card: { } card })
                screen.Line($"{model.Name}: training took {cpu.TotalSeconds:N1} CPU seconds ({card.TrainingSeconds:N1} s)");
            if (model.Origin is { } origin) screen.Line($"{model.Name}: {origin}");
            if (model.Warning is { } warning) screen.Note($"mind {model.Name}: {warning}");
        }
        screen.Line($"{evaluated.Circumstances.PeakBytes / (double)(1 << 20):N0} MiB at most; brackets are 95 % confidence intervals, of customers drawn anew");
        screen.Line();
        screen.Line(evaluated.Verdict);
    }

    private static Table Headline(EvaluationSummary summary)
    {
        int at = summary.Headline;
        var table = Narrow($"first {at}").AddColumns("", $"recall@{at}", $"NDCG@{at}", "MRR", "precision", "coverage", "novelty", "Gini");
        foreach (var ranking in summary.Rankings)
        {
            var figures = ranking.At(at);
            table.AddRow(Markup.Escape(ranking.Name), Cell(figures.Of(Figure.Recall)), Cell(figures.Of(Figure.Ndcg)),
                $"{figures.Of(Figure.ReciprocalRank).Mean:0.0000}",
                $"{figures.Of(Figure.Precision).Mean:0.0000}", $"{figures.Coverage:P1}", $"{figures.Of(Figure.Novelty).Mean:0.0} bits",
                $"{figures.Gini:0.000}");
        }
        return table;
    }

    private static Table ByLength(EvaluationSummary summary)
    {
        var table = Narrow("recall / NDCG by length of list").AddColumn("");
        foreach (var cutoff in summary.Rankings[0].Cutoffs) table.AddColumn($"{cutoff.At}");
        foreach (var ranking in summary.Rankings)
            table.AddRow([Markup.Escape(ranking.Name),
                .. ranking.Cutoffs.Select(cutoff => $"{cutoff.Of(Figure.Recall).Mean:0.0000} / {cutoff.Of(Figure.Ndcg).Mean:0.0000}")]);
        return table;
    }

    private static Table ByBand(EvaluationSummary summary)
    {
        var table = Narrow($"NDCG@{summary.Headline} by what is known of a customer").AddColumns("", "customers");
        foreach (var ranking in summary.Rankings) table.AddColumn(Markup.Escape(ranking.Name));
        for (int band = 0; band < summary.Activity.Count; band++)
        {
            table.AddRow([summary.Activity.Names[band], $"{summary.Rankings[0].ByActivity[band].Customers:N0}",
                .. summary.Rankings.Select(ranking => Cell(ranking.ByActivity[band].Of(Figure.Ndcg)))]);
        }
        return table;
    }

    private static Table Narrow(string title) => new Table().Border(TableBorder.Rounded).Title(title);

    // Brackets are markup to the table.
    private static string Cell(Interval interval) => Markup.Escape($"{interval.Mean:0.0000} [{interval.Low:0.0000}, {interval.High:0.0000}]");
}
