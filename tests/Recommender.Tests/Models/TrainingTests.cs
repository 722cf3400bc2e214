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
        Assert.Contains("nothing to learn", Assert.Throws<TrainingException>(() => SmallShop.Train(empty, SmallShop.Recipe())).Message, StringComparison.Ordinal);
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
