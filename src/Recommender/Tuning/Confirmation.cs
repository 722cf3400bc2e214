using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;

namespace Recommender.Tuning;

/// <summary>
/// Measures the best recipe and the start on the second validation part, as they would answer: whole trainings, the scorer itself. What was
/// the best of many trials was also the luckiest; here it has no luck.
/// </summary>
internal static class Confirmation
{
    public const int MostCustomers = 10_000;

    public static TuningComparison Run(HoldOut fold, Recipe best, Recipe start, TuningOptions options, TrainingConditions conditions, CancellationToken cancellation)
    {
        var fits = new PartFits(fold.Train, conditions);
        InteractionMatrix test = Sample(fold.Test, conditions.Seed);
        var evaluation = new EvaluationOptions { Cutoffs = [options.Objective.Cutoff], Threads = conditions.Threads, Candidates = AnswerColumns.ItemsAmong(fold.Train.Items) };
        // One after the other: two large models at once are more memory than anybody was told of.
        double[] Measure(Recipe recipe) => options.Objective.Of(RankingEvaluation.Run([new ModelRanking("", fits.Model(recipe, cancellation))],
            fold.Train.Matrix, test, evaluation, ranked: null, cancellation)[0]);
        double before = PartFits.CpuSeconds;
        fits.Model(best, cancellation);
        double trainCpu = PartFits.CpuSeconds - before;
        double[] ofBest = Measure(best), ofStart = best == start ? ofBest : Measure(start);
        return new TuningComparison(Bootstrap.Mean(ofBest, conditions.Seed), Bootstrap.Mean(ofStart, conditions.Seed),
            Bootstrap.Difference(ofBest, ofStart, conditions.Seed), ofBest.Length, trainCpu);
    }

    // Everybody, or as many as make the interval narrow enough.
    private static InteractionMatrix Sample(InteractionMatrix test, ulong seed)
    {
        int[] rows = [.. Enumerable.Range(0, test.RowCount).Where(row => test.Row(row).Length > 0)];
        if (rows.Length <= MostCustomers) return test;
        HoldOut.RandomOf(seed, row: -3).Shuffle(rows);
        var sampled = new HashSet<int>(rows.Take(MostCustomers));
        var pairs = sampled.SelectMany(row => test.Row(row).Columns.ToArray().Select(column => (row, column)));
        return InteractionMatrix.FromPairs(test.RowCount, test.ColumnCount, pairs);
    }
}
