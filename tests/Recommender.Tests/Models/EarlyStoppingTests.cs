using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Tests.Models;

public sealed class EarlyStoppingTests
{
    private static readonly FactorizationOptions _options = new()
    {
        Factors = 4,
        Sweeps = 60,
        UnobservedWeight = 0.1,
        Regularisation = 0.005,
        EarlyStopping = new EarlyStoppingOptions { Customers = 40, Patience = 2 },
    };

    [Fact]
    public void The_sweeps_end_when_lists_stop_getting_better_and_what_was_held_out_is_learned_at_the_end()
    {
        var steps = new Steps();
        TrainingSet set = SmallShop.Kinds(4, 20, 10);
        TrainedModel model = Run(set, _options, new TrainingConditions { Progress = steps });
        Assert.Contains(steps.Seen, step => step.StartsWith("sweep 2 of 60, NDCG@20 of what is held out 0.", StringComparison.Ordinal));
        Assert.Contains(steps.Seen, step => step.StartsWith("best after sweep ", StringComparison.Ordinal));
        Assert.DoesNotContain(steps.Seen, step => step.StartsWith("sweep 60 of 60", StringComparison.Ordinal));
        Assert.Equal("sweep 1 of 1 over everything", steps.Seen.Last(step => step.StartsWith("sweep", StringComparison.Ordinal)));
        Assert.Equal(set.Matrix.Count, model.Card.Interactions);
    }

    [Fact]
    public void The_best_sweep_is_kept_at_any_number_of_threads()
    {
        TrainingSet set = SmallShop.Random(3, customers: 200, items: 80);
        float[] one = Factors(1);
        Assert.Equal(one, Factors(3));

        float[] Factors(int threads) => Run(set, _options, new TrainingConditions { Threads = threads }).ItemFactors.Padded.ToArray();
    }

    [Fact]
    public void Without_sweeps_at_the_end_the_factors_are_those_of_the_best_sweep()
    {
        TrainingSet set = SmallShop.Random(5, customers: 200, items: 80);
        var steps = new Steps();
        FactorizationOptions none = _options with { EarlyStopping = _options.EarlyStopping! with { FinalSweeps = 0 } };
        FactorPairOf stopped = Fit(none, steps);
        string told = steps.Seen.Single(step => step.StartsWith("best after sweep ", StringComparison.Ordinal));
        int best = int.Parse(told["best after sweep ".Length..told.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(best, 1, 57);
        FactorPairOf counted = Fit(none with { Sweeps = best }, null);
        Assert.Equal(counted.Items, stopped.Items);
        Assert.NotEqual(counted.Items, Fit(none with { Sweeps = best - 1 }, null).Items);

        FactorPairOf Fit(FactorizationOptions options, Steps? progress)
        {
            TrainedFactors factors = Training.FitFactors(set.Matrix, options, new TrainingConditions { Progress = progress }, CancellationToken.None);
            return new FactorPairOf(factors.Customers.Padded.ToArray(), factors.Items.Padded.ToArray());
        }
    }

    [Fact]
    public void Nobody_with_two_items_is_an_error_that_says_what_to_change()
    {
        TrainingSet set = SmallShop.Set(5, 5, Enumerable.Range(0, 5).Select(k => (k, k)));
        var refused = Assert.Throws<TrainingException>(() => Run(set, _options, new TrainingConditions()));
        Assert.Contains("early_stopping", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var refused =
            Assert.Throws<InvalidRecipeException>(() =>
                Recipe.Parse("""{"factorization":{"early_stopping":{"validation_share":1.5}}}"""u8.ToArray()));
        Assert.Contains("ValidationShare", refused.Message, StringComparison.Ordinal);
        Assert.Contains("patience", Assert.Throws<InvalidRecipeException>(() =>
            Recipe.Parse("""{"factorization":{"early_stopping":{"patient":1}}}"""u8.ToArray())).Message, StringComparison.Ordinal);
        Recipe recipe = Recipe.Parse("""{"factorization":{"early_stopping":{"patience":5},"solver":"subspace","subspace_block":128}}"""u8.ToArray());
        Assert.Equal((5, FactorSolver.Subspace, 128),
            (recipe.Factorization.EarlyStopping!.Patience, recipe.Factorization.Solver, recipe.Factorization.SubspaceBlock));
        Assert.Contains("\"solver\": \"subspace\"", recipe.ToJson(), StringComparison.Ordinal);
    }

    private static TrainedModel Run(TrainingSet set, FactorizationOptions options, TrainingConditions conditions) =>
        Training.Run(set, new Recipe { Factorization = options }, conditions with { AvailableBytes = SmallShop.PlentyOfMemory }, CancellationToken.None);

    private sealed record FactorPairOf(float[] Customers, float[] Items);

    private sealed class Steps : IProgress<TrainingProgress>
    {
        private readonly Lock _gate = new();

        public List<string> Seen { get; } = [];

        public void Report(TrainingProgress value)
        {
            lock (_gate) Seen.Add(value.Step);
        }
    }
}
