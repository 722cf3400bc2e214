using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Similarity;
using Recommender.Tests.Models;

namespace Recommender.Tests.Similarity;

/// <summary>What every source of scores must do, alone: each kind of item-item part, and the factors.</summary>
public abstract class SourceContract
{
    /// <summary>The recipe in which the source is alone: no prior, the other sources left out.</summary>
    private protected abstract Recipe Recipe { get; }

    /// <summary>A recipe of one item-item part without factors and prior.</summary>
    private protected static Recipe Alone(SimilarityOptions part) => SmallShop.Recipe(factors: 4, sweeps: 2) with
    {
        Similarities = [part],
        Blend = new BlendOptions { Factors = 0, Evidence = 1 },
        Prior = new PriorOptions { Strength = 0 },
    };

    [Fact]
    public void Each_customer_is_offered_the_one_item_of_their_kind_they_lack()
    {
        TrainingSet set = SmallShop.Kinds(kinds: 4, customersEach: 24, itemsEach: 6);
        var shop = new Desk(SmallShop.Train(set, Recipe));
        for (int customer = 0; customer < set.Matrix.RowCount; customer++)
            Assert.Equal(SmallShop.LackedItem(customer, 4, 6), shop.Best(set.Matrix.Row(customer))[0].Item);
    }

    [Fact]
    public void The_terms_of_the_history_add_up_to_the_score()
    {
        TrainingSet set = SmallShop.Random(11, customers: 200, items: 60);
        var shop = new Desk(SmallShop.Train(set, Recipe));
        int compared = 0;
        for (int customer = 0; customer < 40; customer++)
        {
            int[] history = set.Matrix.Row(customer).Columns.ToArray();
            foreach (ScoredItem answered in shop.Best(set.Matrix.Row(customer)).Take(5))
            {
                var reasons = new Reason[100];
                Reason[] given = reasons[..shop.Scorer.Reasons(answered.Item, reasons)];
                // Reasons are the positive terms only: those against it bring their sum down to the score.
                float against = answered.Score - given.Sum(reason => reason.Term);
                Assert.True(given.Length == history.Length ? Math.Abs(against) < 1e-4 : against < 1e-4, $"{against} of the score have no reason.");
                compared += given.Length;
            }
        }
        Assert.True(compared > 50, $"Only {compared} reasons were given.");
    }

    [Fact]
    public void A_model_that_was_saved_and_loaded_gives_the_same_scores()
    {
        TrainingSet set = SmallShop.Random(12, customers: 150, items: 50);
        TrainedModel model = SmallShop.Train(set, Recipe);
        var saved = new SavedModel(model);
        Desk before = new(model), after = new(saved.Loaded);
        for (int customer = 0; customer < 20; customer++)
        {
            float[] confidences = set.Matrix.Row(customer).Confidences.ToArray();
            Assert.Equal(before.Best(set.Matrix.Row(customer)), saved.Before(after.Best(saved.Of(set.Matrix.Row(customer).Columns), confidences)));
        }
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_number_of_threads()
    {
        TrainingSet set = SmallShop.Random(13, customers: 300, items: 200);
        Assert.Equal(Bytes(SmallShop.Train(set, Recipe, threads: 1)), Bytes(SmallShop.Train(set, Recipe, threads: 3)));
    }

    [Fact]
    public void A_history_of_items_that_nobody_else_has_says_nothing()
    {
        TrainingSet set = SmallShop.Random(14, customers: 80, items: 40);
        var shop = new Desk(SmallShop.Train(set, Recipe));
        // The last item of a random set has no interactions.
        Assert.All(shop.Best([39], [1]), scored => Assert.Equal(0, scored.Score, 1e-5));
        Assert.All(shop.Best([], []), scored => Assert.Equal(0, scored.Score));
    }

    [Fact]
    public void An_item_that_comes_twice_counts_as_the_sum_of_both()
    {
        TrainingSet set = SmallShop.Random(15, customers: 80, items: 40);
        var shop = new Desk(SmallShop.Train(set, Recipe));
        ScoredItem[] once = shop.Best([3, 7], [2, 1]), twice = shop.Best([3, 7, 3], [1, 1, 1]);
        Assert.Equal(once.Select(scored => scored.Item), twice.Select(scored => scored.Item));
        Assert.All(once.Zip(twice), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 30)]
    [InlineData(30, 1)]
    [InlineData(20, 20)]
    public void Where_all_have_everything_every_score_is_a_number(int customers, int items)
    {
        IEnumerable<(int, int)> all = Enumerable.Range(0, customers).SelectMany(customer => Enumerable.Range(0, items).Select(item => (customer, item)));
        TrainingSet set = SmallShop.Set(customers, items, all.Concat(all));
        ScoredItem[] best = new Desk(SmallShop.Train(set, Recipe)).Best([0], [1], offerAgain: true);
        Assert.Equal(items, best.Length);
        Assert.All(best, scored => Assert.True(float.IsFinite(scored.Score)));
    }

    [Fact]
    public void A_training_that_was_cancelled_stops()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Training.Run(SmallShop.Random(16), Recipe,
            new TrainingConditions { Threads = 2, AvailableBytes = SmallShop.PlentyOfMemory }, stopped.Token));
    }

    private static byte[] Bytes(TrainedModel model)
    {
        var serving = new MemoryStream();
        ModelFiles.Write(model, name => name == ModelFiles.ServingTensors ? serving : new MemoryStream());
        return serving.ToArray();
    }

    /// <summary>Somebody who asks a model about histories.</summary>
    private sealed class Desk
    {
        private readonly ItemMask _everything;
        private readonly TrainedModel _model;

        public Desk(TrainedModel model)
        {
            (_model, Scorer, _everything) = (model, new Scorer(model), new ItemMask(model.Items.Count));
            _everything.SetAll();
        }

        public Scorer Scorer { get; }

        public ScoredItem[] Best(InteractionRow history)
        {
            var confidences = new float[history.Length];
            for (int k = 0; k < confidences.Length; k++) confidences[k] = history.Confidence(k);
            return Best(history.Columns, confidences);
        }

        public ScoredItem[] Best(ReadOnlySpan<int> items, float[] confidences, bool offerAgain = false)
        {
            var top = new ScoredItem[_model.Items.Count];
            return top[..Scorer.Personalised(items, confidences, _everything, offerAgain ? [] : items, top)];
        }
    }
}
