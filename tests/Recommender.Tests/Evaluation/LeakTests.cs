using System.Collections.Immutable;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.Evaluation;

/// <summary>On data in which there is nothing to find, nothing may be found; what was shown the answers must stand out.</summary>
public sealed class LeakTests
{
    private static readonly HoldOut _split = HoldOut.AtRandom(Tastes(customers: 300, items: 120, kinds: 4), 0.2, seed: 3);

    [Fact]
    public void A_model_of_real_tastes_is_far_above_popularity_and_a_model_of_shuffled_ones_is_not()
    {
        Assert.Equal(1, Sign(_split, split => split.Train));
        Assert.True(Sign(Shuffled.Interactions(_split, seed: 5), split => split.Train) <= 0);
    }

    [Fact]
    public void A_model_that_has_learned_what_it_is_asked_for_is_caught_on_shuffled_tastes() =>
        Assert.Equal(1, Sign(Shuffled.Interactions(_split, seed: 5), Everything));

    [Fact]
    public void Labels_of_others_are_found_no_more_often_than_popularity_finds_them()
    {
        InteractionMatrix labels = Shuffled.Labels(_split.Test, seed: 6);
        Assert.Equal(_split.Test.Count, labels.Count);
        Assert.True(Sign(_split with { Test = labels }, split => split.Train) <= 0);
    }

    [Fact]
    public void Random_lists_find_what_chance_finds()
    {
        RankingResult random = RankingEvaluation.Run([new RandomRanking(120, seed: 8)], _split.Train.Matrix, _split.Test,
            new EvaluationOptions { Cutoffs = [10] }, ranked: null, CancellationToken.None)[0];
        double chance = random.Rows.Average(row => 10.0 / (120 - _split.Train.Matrix.Row(row).Length));
        Interval recall = Bootstrap.Mean(random.At(10).Recall);
        Assert.InRange(chance, recall.Low, recall.High);
        Assert.All(random.Rows, row => Assert.Equal(10 * random.Rows.Length, random.Exposures.Sum()));
    }

    [Fact]
    public void Random_lists_are_the_same_at_any_number_of_threads_and_have_nothing_of_the_history()
    {
        RankingResult Run(int threads) => RankingEvaluation.Run([new RandomRanking(120, seed: 8)], _split.Train.Matrix, _split.Train.Matrix,
            new EvaluationOptions { Cutoffs = [10], Threads = threads }, ranked: null, CancellationToken.None)[0];
        Assert.Equal(Run(1).Exposures.AsEnumerable(), Run(3).Exposures);
        Assert.Equal(0, Run(2).At(10).MeanRecall);

        // Whoever was asked about before leaves no trace.
        IRanker ranker = new RandomRanking(120, seed: 8).Ranker(10);
        var everything = new ItemMask(120);
        everything.SetAll();
        ScoredItem[] first = ranker.Rank(5, default, everything, []).ToArray();
        Assert.NotEqual(first, ranker.Rank(6, default, everything, []).ToArray());
        Assert.Equal(first, ranker.Rank(5, default, everything, []).ToArray());
    }

    [Fact]
    public void Shuffling_keeps_how_much_everybody_has_and_how_many_want_each_item()
    {
        HoldOut shuffled = Shuffled.Interactions(_split, seed: 5);
        for (int row = 0; row < 300; row++)
        {
            Assert.Equal(_split.Train.Matrix.Row(row).Length, shuffled.Train.Matrix.Row(row).Length);
            Assert.Equal(_split.Test.Row(row).Length, shuffled.Test.Row(row).Length);
            Assert.Empty(shuffled.Train.Matrix.Row(row).Columns.ToArray().Intersect(shuffled.Test.Row(row).Columns.ToArray()));
        }
        InteractionMatrix before = Everything(_split).Matrix.Transpose(), after = Everything(shuffled).Matrix.Transpose();
        Assert.All(Enumerable.Range(0, 120), item => Assert.Equal(before.Row(item).Length, after.Row(item).Length));
        Assert.NotEqual(_split.Test.Row(0).Columns.ToArray(), shuffled.Test.Row(0).Columns.ToArray());
    }

    [Fact]
    public void Shuffling_ends_where_customers_have_everything_there_is()
    {
        var split = new HoldOut(SmallShop.Set(3, 3, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]),
            InteractionMatrix.FromPairs(3, 3, [(0, 2), (1, 2)]));
        HoldOut shuffled = Shuffled.Interactions(split, seed: 1);
        Assert.InRange(shuffled.Train.Matrix.Count + shuffled.Test.Count, 5, 9);
    }

    private static int Sign(HoldOut split, Func<HoldOut, TrainingSet> learned)
    {
        TrainedModel model = SmallShop.Train(learned(split), SmallShop.Recipe(factors: 24, sweeps: 12));
        ImmutableArray<RankingResult> results = RankingEvaluation.Run([new ModelRanking("model", model), new PopularityRanking(split.Train.Matrix)],
            split.Train.Matrix, split.Test, new EvaluationOptions { Cutoffs = [10] }, ranked: null, CancellationToken.None);
        return EvaluationSummary.Of(results, split.Train.Matrix, split.Test, new SummaryOptions { Models = 1 },
            CancellationToken.None).Comparisons[0].Of(Figure.Ndcg).Sign;
    }

    private static TrainingSet Everything(HoldOut split) => split.Train with
    {
        Matrix = InteractionMatrix.FromPairs(split.Train.People.Count, split.Train.Items.Count, Enumerable.Range(0, split.Train.People.Count).SelectMany(row =>
            split.Train.Matrix.Row(row).Columns.ToArray().Concat(split.Test.Row(row).Columns.ToArray()).Select(column => (row, column)))),
    };

    // Most of what a customer has is of their kind, and of each kind some items are wanted more.
    private static TrainingSet Tastes(int customers, int items, int kinds)
    {
        var random = new Random(11);
        return SmallShop.Set(customers, items, from customer in Enumerable.Range(0, customers)
                                               from _ in Enumerable.Range(0, 16)
                                               let kind = random.NextDouble() < 0.8 ? customer % kinds : random.Next(kinds)
                                               select (customer, (int)(items / kinds * Math.Pow(random.NextDouble(), 1.5)) * kinds + kind));
    }
}
