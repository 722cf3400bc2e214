using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Tests.Models;

public sealed class TrainingTests
{
    [Fact]
    public void The_same_data_recipe_and_seed_give_the_same_bytes_at_any_number_of_threads()
    {
        TrainingSet set = SmallShop.Random(9, customers: 300, items: 120);
        byte[] one = Bytes(SmallShop.Train(set, SmallShop.Recipe(factors: 20), threads: 1));
        Assert.Equal(one, Bytes(SmallShop.Train(set, SmallShop.Recipe(factors: 20), threads: 3)));
        Assert.NotEqual(one, Bytes(SmallShop.Train(set, SmallShop.Recipe(factors: 20), threads: 3, seed: 2)));
    }

    [Fact]
    public void A_training_set_with_nothing_in_it_is_refused()
    {
        TrainingSet empty = SmallShop.Set(0, 0, []);
        Assert.Contains("nothing to learn", Assert.Throws<TrainingException>(() => SmallShop.Train(empty, SmallShop.Recipe())).Message,
            StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => SmallShop.Train(SmallShop.Set(3, 3, []), SmallShop.Recipe()));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    public void One_customer_or_one_item_gives_a_sensible_model(int customers, int items)
    {
        IEnumerable<(int, int)> all = Enumerable.Range(0, customers).SelectMany(customer => Enumerable.Range(0, items).Select(item => (customer, item)));
        TrainedModel model = SmallShop.Train(SmallShop.Set(customers, items, all), SmallShop.Recipe(factors: 8));
        var eligible = new ItemMask(items);
        eligible.SetAll();
        var top = new ScoredItem[10];
        Assert.Equal(items, new Scorer(model).Personalised([0], [1], eligible, [], top));
        Assert.All(top[..items], scored => Assert.True(float.IsFinite(scored.Score)));
    }

    [Fact]
    public void More_factors_than_items_still_answers()
    {
        TrainingSet set = SmallShop.Kinds(2, 10, 4);
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe(factors: 50));
        var top = new ScoredItem[8];
        var eligible = new ItemMask(8);
        eligible.SetAll();
        Assert.Equal(8, new Scorer(model).Personalised([0, 1], [1, 1], eligible, [], top));
        Assert.All(top, scored => Assert.True(float.IsFinite(scored.Score)));
    }

    [Fact]
    public void Cancelling_stops_in_the_middle()
    {
        using var stopping = new CancellationTokenSource();
        var progress = new Stopper(0.3, stopping);
        Assert.Throws<OperationCanceledException>(() => Training.Run(SmallShop.Random(1, 500, 200), SmallShop.Recipe(sweeps: 500),
            new TrainingConditions { Threads = 2, Progress = progress }, stopping.Token));
        Assert.InRange(progress.Last, 0.3, 0.6);
    }

    [Fact]
    public void Progress_rises_to_one()
    {
        var progress = new Stopper(2, stopping: null);
        Training.Run(SmallShop.Random(1), SmallShop.Recipe(), new TrainingConditions { Progress = progress }, CancellationToken.None);
        Assert.Equal(1, progress.Last);
    }

    [Fact]
    public void A_training_that_does_not_fit_is_refused_before_it_starts()
    {
        var refused = Assert.Throws<TrainingTooLargeException>(() => Training.Run(SmallShop.Random(1), SmallShop.Recipe(),
            new TrainingConditions { AvailableBytes = 1000 }, CancellationToken.None));
        Assert.Contains("MiB", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FactorSolver.ConjugateGradient)]
    [InlineData(FactorSolver.Subspace)]
    public void Numbers_beyond_all_bounds_are_noticed_and_named_and_give_no_model(FactorSolver solver)
    {
        TrainingSet set = SmallShop.Random(1);
        float[] confidences = set.Matrix.Confidences.ToArray();
        confidences.AsSpan().Fill(3e38f);
        var matrix = new InteractionMatrix(set.Matrix.ColumnCount, set.Matrix.RowStarts.ToArray(), set.Matrix.Columns.ToArray(), confidences);
        Recipe recipe = SmallShop.Recipe() with { Factorization = SmallShop.Recipe().Factorization with { Solver = solver } };
        var diverged = Assert.Throws<TrainingException>(() => SmallShop.Train(set with { Matrix = matrix }, recipe));
        Assert.Matches("'(customer:c|item)[0-9]+'.*beyond all bounds", diverged.Message);
    }

    [Theory]
    [InlineData(FactorSolver.ConjugateGradient)]
    [InlineData(FactorSolver.Subspace)]
    public void Equal_confidences_and_pairs_that_come_twice_give_a_sensible_model(FactorSolver solver)
    {
        TrainingSet kinds = SmallShop.Kinds(3, 12, 6);
        IEnumerable<(int, int)> pairs = Enumerable.Range(0, kinds.Matrix.RowCount)
            .SelectMany(row => kinds.Matrix.Row(row).Columns.ToArray().Select(item => (row, item)));
        Recipe recipe = SmallShop.Recipe(factors: 3) with { Factorization = SmallShop.Recipe(factors: 3).Factorization with { Solver = solver } };
        TrainedModel once = SmallShop.Train(SmallShop.Set(36, 18, pairs), recipe), twice = SmallShop.Train(SmallShop.Set(36, 18, pairs.Concat(pairs)), recipe);
        Assert.Equal(Bytes(once), Bytes(twice));
        var equal = new InteractionMatrix(18, kinds.Matrix.RowStarts.ToArray(), kinds.Matrix.Columns.ToArray(),
            [.. Enumerable.Repeat(2.5f, (int)kinds.Matrix.Count)]);
        var scorer = new Scorer(SmallShop.Train(SmallShop.Set(36, equal), recipe));
        var eligible = new ItemMask(18);
        eligible.SetAll();
        var top = new ScoredItem[1];
        for (int customer = 0; customer < 36; customer++)
        {
            int[] history = kinds.Matrix.Row(customer).Columns.ToArray();
            scorer.Personalised(history, [.. history.Select(_ => 2.5f)], eligible, history, top);
            Assert.Equal(SmallShop.LackedItem(customer, 3, 6), top[0].Item);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1f)]
    [InlineData(0f)]
    public void A_confidence_that_is_not_positive_and_finite_is_refused(float confidence) => Assert.Contains(
        "positive and finite", Assert.Throws<ArgumentException>(() => new InteractionMatrix(1, [0, 1], [0], [confidence])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_log_that_cannot_be_learned_here_is_refused_before_it_is_read()
    {
        var refused = Assert.Throws<TrainingTooLargeException>(() =>
            SizeEstimate.BeforeReading(events: 1_000_000_000, customers: 10_000_000, new Recipe(), threads: 2).RequireTrainingFits(16L << 30));
        Assert.Contains("events", refused.Message, StringComparison.Ordinal);
        SizeEstimate.BeforeReading(events: 1_000_000, customers: 100_000, new Recipe(), threads: 2).RequireTrainingFits(4L << 30);
    }

    [Fact]
    public void The_card_tells_where_the_model_comes_from()
    {
        TrainingSet set = SmallShop.Random(1) with { EventsUpTo = 42, Confidence = new ConfidenceOptions { HalfLifeDays = 7 } };
        ModelCard card = SmallShop.Train(set, SmallShop.Recipe()).Card;
        Assert.Equal((42, set.Matrix.Count, set.Items.Count, set.People.Count), (card.EventsUpTo, card.Interactions, card.Items, card.Customers));
        Assert.Equal(7, card.Recipe.Confidence.HalfLifeDays);
        Assert.Equal(card.DataFingerprint, SmallShop.Train(set, SmallShop.Recipe(sweeps: 1)).Card.DataFingerprint);
        Assert.NotEqual(card.DataFingerprint, SmallShop.Train(SmallShop.Random(2), SmallShop.Recipe(sweeps: 1)).Card.DataFingerprint);
        Assert.Matches("^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$", card.Id);
        ModelCard read = ModelCard.Parse(System.Text.Encoding.UTF8.GetBytes(card.ToJson()));
        Assert.Equal(card.ToJson(), read.ToJson());
    }

    [Fact]
    public void The_engine_references_the_runtime_and_tensors_and_nothing_else()
    {
        IEnumerable<string> names = typeof(Training).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.All(names, name => Assert.True(name == "System.Numerics.Tensors" || File.Exists(Path.Combine(runtime, $"{name}.dll")), name));
    }

    private static byte[] Bytes(TrainedModel model)
    {
        using var all = new MemoryStream();
        ModelFiles.Write(model, _ => new Kept(all));
        return all.ToArray();
    }

    private sealed class Kept(MemoryStream into) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing) WriteTo(into);
            base.Dispose(disposing);
        }
    }

    private sealed class Stopper(double at, CancellationTokenSource? stopping) : IProgress<TrainingProgress>
    {
        public double Last { get; private set; }

        public void Report(TrainingProgress value)
        {
            Last = value.Done;
            if (value.Done >= at) stopping?.Cancel();
        }
    }
}
