using System.CommandLine;
using System.Diagnostics;
using Recommender.Cli.Importing;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Models;
using Spectre.Console;

namespace Recommender.Cli.Commands;

internal static class EvaluateCommand
{
    private const ulong Seed = 42;

    public static Command Create()
    {
        var train = new Option<FileInfo>("--train") { Description = "What is learned: lines of `customer item item ...`, gzip or plain.", HelpName = "FILE", Required = true };
        var test = new Option<FileInfo>("--test") { Description = "What is to be found, in the same form.", HelpName = "FILE", Required = true };
        var recipeFile = SharedOptions.RecipeFile("the defaults");
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var command = new Command("evaluate", """
            Trains on one file and measures on another: every item is ranked for every customer, what they had in training is left out,
            and the first 20 are compared with what they chose afterwards. Popularity is measured beside.

            Examples:
              recommender evaluate --train train.txt.gz --test test.txt.gz
              recommender evaluate --train train.txt.gz --test test.txt.gz --recipe models/recipes/default.json --json
            """)
        { train, test, recipeFile, threads, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var screen = new Screen();
            var recipe = parsed.GetValue(recipeFile) is { } file ? RecipeFile.Read(file) : new Recipe();
            int cores = parsed.GetValue(threads);
            var split = LightGcn.ReadSplit(parsed.GetValue(train)!.FullName, parsed.GetValue(test)!.FullName, cancellation);
            foreach (var line in split.Rejected.Take(ImportSummary.ExampleLimit)) screen.Note($"rejected: {line}");

            var before = CpuTime();
            var model = await ProgressBar.RunAsync(screen, "training", progress => Task.Run(() => Training.Run(split.Train, recipe,
                new TrainingConditions { Seed = Seed, Threads = cores, Progress = new Steps(progress) }, cancellation), cancellation));
            var trainCpu = CpuTime() - before;
            screen.Note("ranking");
            var results = RankingEvaluation.Run([new ModelRanking("model", model), new PopularityRanking(split.Train.Matrix)], split.Train.Matrix,
                split.Test, new EvaluationOptions { Threads = cores }, ranked: null, cancellation);
            Show(screen, results, model.Card, trainCpu, parsed.GetValue(json));
            return split.Rejected.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static TimeSpan CpuTime() => Process.GetCurrentProcess().TotalProcessorTime;

    private static void Show(Screen screen, IReadOnlyList<RankingResult> results, ModelCard card, TimeSpan trainCpu, bool json)
    {
        long peak = Process.GetCurrentProcess().PeakWorkingSet64;
        if (json)
        {
            var figures = new Dictionary<string, object>();
            foreach (var metrics in results[0].Cutoffs) (figures[$"recall@{metrics.At}"], figures[$"ndcg@{metrics.At}"]) = (metrics.MeanRecall, metrics.MeanNdcg);
            foreach (var metrics in results[1].Cutoffs)
                (figures[$"popularity_recall@{metrics.At}"], figures[$"popularity_ndcg@{metrics.At}"]) = (metrics.MeanRecall, metrics.MeanNdcg);
            figures["customers_measured"] = results[0].Rows.Length;
            figures["train_cpu_seconds"] = Math.Round(trainCpu.TotalSeconds, 2);
            figures["train_seconds"] = card.TrainingSeconds;
            figures["peak_bytes"] = peak;
            screen.Json(figures);
            return;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("first", "recall", "NDCG", "popularity: recall", "NDCG");
        foreach (var (model, popular) in results[0].Cutoffs.Zip(results[1].Cutoffs))
            table.AddRow($"{model.At}", $"{model.MeanRecall:0.0000}", $"{model.MeanNdcg:0.0000}", $"{popular.MeanRecall:0.0000}", $"{popular.MeanNdcg:0.0000}");
        screen.Out.Write(table);
        screen.Line($"{results[0].Rows.Length:N0} customers measured; training took {trainCpu.TotalSeconds:N1} CPU seconds ({card.TrainingSeconds:N1} s), {peak / (double)(1 << 20):N0} MiB at most");
    }

    private sealed class Steps(IProgress<Step> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(new Step(value.Step, value.Done));
    }
}
