using System.Collections.Immutable;
using System.Diagnostics;
using Recommender.Cli.Reporting;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

/// <summary>What takes part in a comparison: a recipe, of which a model is trained, or a model that is there.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Recipe">How it is trained; null for a model that is there.</param>
/// <param name="Confidence">How it reads events.</param>
/// <param name="LoadAsync">Reads the model that is there.</param>
internal sealed record Contender(string Name, Recipe? Recipe, ConfidenceOptions Confidence, Func<CancellationToken, Task<TrainedModel>>? LoadAsync = null);

/// <summary>Trains and ranks one contender after the other, so that one model at a time is in memory, and compares them.</summary>
internal sealed class EvaluationRun(EvaluationSplit split, ImmutableArray<int> cutoffs, ulong seed, int threads, IProgress<Step> progress, Func<int, TrainingCheckpoint?> checkpoint)
{
    // Parts of one contender's time by experience; only the bar depends on them.
    private const double TrainingPart = 0.6, SummaryFrom = 0.95;

    public async Task<(IReadOnlyList<MeasuredModel> Models, EvaluationSummary Summary)> RunAsync(IReadOnlyList<Contender> contenders, CancellationToken cancellation)
    {
        var models = new List<MeasuredModel>();
        var results = new List<RankingResult>();
        var options = new EvaluationOptions { Cutoffs = cutoffs, Threads = threads, HistoryMayReturn = split.HistoryMayReturn, Candidates = split.Candidates };
        for (int k = 0; k < contenders.Count; k++)
        {
            double from = SummaryFrom * k / contenders.Count, whole = SummaryFrom / contenders.Count;
            var train = split.TrainFor(contenders[k].Confidence);
            using var kept = checkpoint(k);
            var (model, measured) = await ModelAsync(contenders[k], train, from, whole, kept, cancellation);
            models.Add(measured);
            results.AddRange(Rank([new ModelRanking(contenders[k].Name, model, split.HoldOut.Train.Items)], train.Matrix, options,
                new Counter(progress, $"ranking {contenders[k].Name}", from + whole * TrainingPart, whole * (1 - TrainingPart), Customers), cancellation));
        }
        var histories = split.HoldOut.Train.Matrix;
        results.AddRange(Rank([new PopularityRanking(histories), new RandomRanking(histories.ColumnCount, seed)], histories, options, counter: null, cancellation));
        progress.Report(new Step("comparing", SummaryFrom));
        var summary = EvaluationSummary.Of([.. results], histories, split.HoldOut.Test, new SummaryOptions
        {
            Models = models.Count,
            Seed = seed,
            Threads = threads,
            ItemBands = split.ItemBands,
            Candidates = split.Candidates,
        }, cancellation);
        return (models, summary);
    }

    private int Customers => Enumerable.Range(0, split.HoldOut.Test.RowCount).Count(row => split.HoldOut.Test.Row(row).Length > 0);

    private async Task<(TrainedModel Model, MeasuredModel Measured)> ModelAsync(Contender contender, TrainingSet train, double from, double whole,
        ISweepCheckpoint? kept, CancellationToken cancellation)
    {
        if (contender.Recipe is not { } recipe)
        {
            var loaded = await contender.LoadAsync!(cancellation);
            return (loaded, new MeasuredModel(contender.Name, loaded.Card, TrainCpu: null, split.SeenBy(loaded.Card)));
        }
        var before = CpuTime();
        var told = new Steps(progress, contender.Name, from, whole * TrainingPart);
        var model = Training.Run(train, recipe, new TrainingConditions { Seed = seed, Threads = threads, Progress = told, Checkpoint = kept }, cancellation);
        return (model, new MeasuredModel(contender.Name, model.Card, CpuTime() - before, Warning: null));
    }

    private ImmutableArray<RankingResult> Rank(IReadOnlyList<IRanking> rankings, InteractionMatrix histories, EvaluationOptions options, Counter? counter,
        CancellationToken cancellation) => RankingEvaluation.Run(rankings, histories, split.HoldOut.Test, options, counter is null ? null : counter.Add, cancellation);

    private static TimeSpan CpuTime() => Process.GetCurrentProcess().TotalProcessorTime;

    private sealed class Steps(IProgress<Step> progress, string name, double from, double whole) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(new Step($"training {name}, {value.Step}", from + whole * value.Done));
    }

    /// <summary>Turns customers done into about a hundred reports.</summary>
    private sealed class Counter(IProgress<Step> progress, string stage, double from, double whole, int customers)
    {
        private readonly int _every = Math.Max(1, customers / 100);
        private int _done;

        public void Add(int done)
        {
            int now = Interlocked.Add(ref _done, done);
            if (now % _every == 0) progress.Report(new Step(stage, from + whole * now / customers));
        }
    }
}
