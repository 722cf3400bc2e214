using System.Collections.Immutable;
using System.Diagnostics;
using Recommender.Cli.Reporting;
using Recommender.Cli.Terminal;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.MlNet;
using Recommender.Models;
using Recommender.Storage;

namespace Recommender.Cli.Commands;

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
            var (ranking, measured) = await RankingAsync(contenders[k], train, from, whole, kept, cancellation);
            models.Add(measured);
            results.AddRange(Rank([ranking], train.Matrix, options,
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

    private async Task<(IRanking Ranking, MeasuredModel Measured)> RankingAsync(Contender contender, TrainingSet train, double from, double whole,
        ISweepCheckpoint? kept, CancellationToken cancellation)
    {
        if (contender.Saved is { } saved) return Of(contender.Name, saved);
        if (contender.Recipe is not { } recipe)
        {
            var loaded = await contender.LoadAsync!(cancellation);
            return (Ranking(loaded), new MeasuredModel(contender.Name, loaded.Card, TrainCpu: null, split.SeenBy(loaded.Card)));
        }
        var before = CpuTime();
        var told = new Steps(progress, contender.Name, from, whole * TrainingPart);
        var model = Training.Run(train, recipe, new TrainingConditions { Seed = seed, Threads = threads, Progress = told, Checkpoint = kept }, cancellation);
        return (Ranking(model), new MeasuredModel(contender.Name, model.Card, CpuTime() - before, Warning: null));

        ModelRanking Ranking(TrainedModel of) => new(contender.Name, of, split.HoldOut.Train.Items);
    }

    /// <exception cref="InputException">It knows nobody who is measured, or no item: most likely its columns are taken the wrong way round.</exception>
    private (IRanking Ranking, MeasuredModel Measured) Of(string name, SavedModel saved)
    {
        Vocabulary people = split.HoldOut.Train.People, items = split.HoldOut.Train.Items;
        var ranking = new SavedRanking(name, saved.Model, people, items);
        if (ranking.KnownPeople == 0 || ranking.KnownItems == 0)
        {
            throw new InputException($"{name} knows {ranking.KnownPeople:N0} of {people.Count:N0} people and {ranking.KnownItems:N0} of {items.Count:N0} items, "
                + $"with customers in the column '{saved.Model.Customers.InputColumn}'; if that is the wrong one, say it with --user-column");
        }
        string warning = $"it may have learned what it is asked for, as its file does not say what it was trained on; "
            + $"it knows {ranking.KnownPeople:N0} of {people.Count:N0} people and {ranking.KnownItems:N0} of {items.Count:N0} items";
        return (ranking, new MeasuredModel(name, Card: null, TrainCpu: null, warning) { Origin = saved.Origin });
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
