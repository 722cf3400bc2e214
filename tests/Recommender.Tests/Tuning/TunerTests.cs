using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Similarity;
using Recommender.Tests.Models;
using Recommender.Tuning;

namespace Recommender.Tests.Tuning;

public sealed class TunerTests
{
    [Fact]
    public void A_start_far_from_the_best_is_left_behind_also_on_a_part_that_tuning_never_saw()
    {
        HoldOut third = HoldOut.AtRandom(PlantedTastes.Set(), 0.2, seed: 77);
        TuningResult result = Tune(third.Train, PlantedTastes.FarFromTheBest, PlantedTastes.Few(40));
        Assert.False(result.IsStart);
        Assert.True(result.Confirmation!.Gain.Low > 0);
        double start = PlantedTastes.Ndcg(third, PlantedTastes.FarFromTheBest), tuned = PlantedTastes.Ndcg(third, result.Recipe);
        Assert.True(tuned > start + 0.2, $"{start} to {tuned}");
        Assert.InRange(result.Recipe.Factorization.Regularisation, 1e-4, 1);
    }

    [Fact]
    public void Neighbours_that_know_more_than_the_factors_get_a_say()
    {
        HoldOut third = HoldOut.AtRandom(PlantedTastes.Set(), 0.2, seed: 77);
        TuningResult result = Tune(third.Train, PlantedTastes.SilentNeighbours, PlantedTastes.Few(20) with { MaxFactors = 1 });
        Assert.True(result.Recipe.Similarities.Single().Weight > 0);
        Assert.Equal(1, result.Recipe.Factorization.Factors);
        Assert.True(PlantedTastes.Ndcg(third, result.Recipe) > PlantedTastes.Ndcg(third, PlantedTastes.SilentNeighbours) + 0.1);
    }

    [Fact]
    public void A_kind_that_is_offered_stays_only_if_it_helps()
    {
        TuningOptions offering = PlantedTastes.Few(24) with { Offered = [new RandomWalkOptions()], MaxFactors = 1 };
        Assert.Single(Tune(PlantedTastes.Set(), PlantedTastes.SilentNeighbours with { Similarities = [] }, offering).Recipe.Similarities);
        Assert.Empty(Tune(SmallShop.Kinds(2, 60, 10), SmallShop.Recipe(factors: 2) with { Similarities = [] }, offering).Recipe.Similarities);
    }

    [Fact]
    public void The_same_data_start_seed_and_number_of_trials_give_the_same_recipe_at_any_number_of_threads()
    {
        TrainingSet set = PlantedTastes.Set(200);
        Kept one = new(), three = new(), other = new();
        TuningResult first = Tune(set, PlantedTastes.FarFromTheBest, PlantedTastes.Few(20), PlantedTastes.Conditions(threads: 1), one);
        TuningResult second = Tune(set, PlantedTastes.FarFromTheBest, PlantedTastes.Few(20), PlantedTastes.Conditions(threads: 3), three);
        Assert.Equal(first.Recipe, second.Recipe);
        Assert.Equal(first.Confirmation!.Best, second.Confirmation!.Best);
        Assert.Equal(one.Trials.Select(trial => (trial.What, trial.Figure, trial.Rank)), three.Trials.Select(trial => (trial.What, trial.Figure, trial.Rank)));
        Tune(set, PlantedTastes.FarFromTheBest, PlantedTastes.Few(20), PlantedTastes.Conditions(seed: 4), other);
        Assert.NotEqual(one.Trials[0].Figure, other.Trials[0].Figure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Where_there_is_nothing_to_find_the_answer_is_not_worse_than_the_start(int seed)
    {
        TuningResult result = Tune(PlantedTastes.Noise(seed), SmallShop.Recipe(), PlantedTastes.Few(16));
        Assert.True(result.IsStart || result.Confirmation!.Gain.Mean >= 0, result.Verdict);
    }

    [Fact]
    public void A_start_that_cannot_be_beaten_is_the_answer()
    {
        TrainingSet set = SmallShop.Set(40, 5, Enumerable.Range(0, 40).SelectMany(customer => Enumerable.Range(0, 5).Select(item => (customer, item))));
        TuningResult result = Tune(set, PlantedTastes.FarFromTheBest, PlantedTastes.Few(12) with { Objective = new Objective("recall", 5), ValidationShare = 0.2 });
        Assert.Equal(1, result.Confirmation!.Best.Mean, 1e-9);
        Assert.Equal(1, result.Confirmation.Start.Mean, 1e-9);
        // As good and cheaper is as much as can be had.
        Assert.True(result.IsStart || result.Recipe.Factorization.Factors <= PlantedTastes.FarFromTheBest.Factorization.Factors, result.Verdict);
    }

    [Fact]
    public void Cancelling_answers_with_the_best_so_far()
    {
        using var stopping = new CancellationTokenSource();
        var board = new Kept { At = trial => { if (trial.Number == 14) stopping.Cancel(); } };
        TuningResult result = Tuner.Run(PlantedTastes.Set(), PlantedTastes.FarFromTheBest, PlantedTastes.Few(), PlantedTastes.Conditions(), board, stopping.Token);
        Assert.Null(result.Confirmation);
        Assert.Equal(14, result.Trials);
        Assert.Contains("interrupted", result.Verdict, StringComparison.Ordinal);
        Assert.False(result.IsStart);
    }

    [Fact]
    public void Cancelling_before_anything_is_known_throws()
    {
        using var stopping = new CancellationTokenSource();
        stopping.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Tuner.Run(PlantedTastes.Set(), new Recipe(), PlantedTastes.Few(), PlantedTastes.Conditions(), board: null, stopping.Token));
    }

    [Fact]
    public void Too_few_customers_with_items_to_spare_are_refused()
    {
        Assert.Contains("too little to tune on", Refused(SmallShop.Set(3, 3, [(0, 0), (1, 1)])), StringComparison.Ordinal);
        Assert.Contains("too little to tune on", Refused(SmallShop.Kinds(2, 5, 20)), StringComparison.Ordinal);

        static string Refused(TrainingSet set) => Assert.Throws<TuningException>(() => Tune(set, SmallShop.Recipe(), PlantedTastes.Few())).Message;
    }

    [Fact]
    public void A_budget_too_small_for_a_trial_says_what_one_costs()
    {
        TuningOptions hasty = PlantedTastes.Few() with { Trials = null, Time = TimeSpan.FromTicks(1) };
        Assert.Matches("took [0-9.]+ s .*Allow [0-9.]+ minutes", Assert.Throws<TuningException>(() => Tune(PlantedTastes.Set(), SmallShop.Recipe(), hasty)).Message);
    }

    [Fact]
    public void A_budget_of_time_ends_with_a_confirmed_answer()
    {
        TuningOptions timed = PlantedTastes.Few() with { Trials = null, Time = TimeSpan.FromSeconds(20) };
        Assert.NotNull(Tune(PlantedTastes.Set(100), PlantedTastes.FarFromTheBest, timed).Confirmation);
    }

    [Fact]
    public void A_start_that_costs_more_than_a_training_may_is_refused() =>
        Assert.Contains("CPU seconds", Assert.Throws<TuningException>(() => Tune(PlantedTastes.Set(), SmallShop.Recipe(),
            PlantedTastes.Few() with { TrainCpuSeconds = 1e-9 })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_part_that_does_not_fit_is_skipped_with_its_reason_and_a_start_that_does_not_is_refused()
    {
        TrainingSet set = PlantedTastes.Set();
        Recipe start = SmallShop.Recipe() with { Similarities = [] };
        long enough = SizeEstimate.Of(set, start, threads: 2).TrainingBytes + 20_000;
        var board = new Kept();
        TuningResult result = Tune(set, start, PlantedTastes.Few(16) with { Offered = [new RandomWalkOptions { Neighbours = 10_000 }], MaxFactors = 8 },
            PlantedTastes.Conditions() with { AvailableBytes = enough }, board);
        Assert.Contains("neighbours", Assert.Single(board.Trials, trial => trial.Skipped is not null).Skipped, StringComparison.Ordinal);
        Assert.Empty(result.Recipe.Similarities);
        Assert.Throws<TrainingTooLargeException>(() => Tune(set, start, PlantedTastes.Few(), PlantedTastes.Conditions() with { AvailableBytes = 1000 }));
    }

    [Fact]
    public void The_board_says_where_memory_is_too_short_for_all_customers()
    {
        var board = new Kept();
        Tune(PlantedTastes.Set(100), SmallShop.Recipe(), PlantedTastes.Few(8) with { MostCandidates = 3_000 }, board: board);
        Assert.All(board.Trials, trial => Assert.Contains("(by 30 of 100 customers", trial.What, StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_that_cannot_be_solved_is_skipped_with_what_to_do()
    {
        // The first three items are never held out, so that everybody has them alike: a small ridge beside such confidences is lost in rounding.
        TrainingSet set = SmallShop.Set(16, new InteractionMatrix(12, [.. Enumerable.Range(0, 17).Select(row => row * 12L)],
            [.. Enumerable.Range(0, 16 * 12).Select(at => at % 12)], [.. Enumerable.Repeat(16384f, 16 * 12)]));
        var candidates = new Recommender.Scoring.ItemMask(12);
        for (int item = 3; item < 12; item++) candidates.Set(item);
        TuningOptions options = PlantedTastes.Few();
        var trials = new Trials(HoldOut.AtRandom(set, 0.3, seed: 1, candidates), set.Matrix.Count, options, PlantedTastes.Conditions(), new TuningBudget(options, TimeProvider.System), board: null);
        Recipe recipe = SmallShop.Recipe(factors: 2) with { Similarities = [new EaseOptions { Regularisation = 0.1 }] };
        Trial trial = trials.Run("ease", recipe, Fidelity.Coarse, CancellationToken.None);
        Assert.Contains("\"ease\" of 'similarities' cannot be solved with a 'regularisation' of 0.1", trial.Skipped, StringComparison.Ordinal);
    }

    private static TuningResult Tune(TrainingSet set, Recipe start, TuningOptions options, TrainingConditions? conditions = null, Kept? board = null) =>
        Tuner.Run(set, start, options, conditions ?? PlantedTastes.Conditions(), board, CancellationToken.None);

    private sealed class Kept : IProgress<Trial>
    {
        public List<Trial> Trials { get; } = [];

        public Action<Trial>? At { get; init; }

        public void Report(Trial value)
        {
            Trials.Add(value);
            At?.Invoke(value);
        }
    }
}
