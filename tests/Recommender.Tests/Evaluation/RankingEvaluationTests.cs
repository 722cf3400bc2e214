using System.Collections.Immutable;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.Evaluation;

public sealed class RankingEvaluationTests
{
    [Fact]
    public void Recall_and_gain_of_a_list_that_is_worked_out_by_hand()
    {
        ScoredItem[] ranked = [new(7, 5), new(2, 4), new(9, 3), new(1, 2)];
        var metrics = RankingMetrics.Of(ranked, chosen: [1, 7, 30], cutoff: 4);
        Assert.Equal(2 / 3.0, metrics.Recall, 1e-12);
        Assert.Equal((1 + 1 / Math.Log2(5)) / (1 + 1 / Math.Log2(3) + 1 / Math.Log2(4)), metrics.Ndcg, 1e-12);
        Assert.Equal(1 / 3.0, RankingMetrics.Of(ranked, chosen: [1, 7, 30], cutoff: 1).Recall, 1e-12);
        Assert.Equal(1, RankingMetrics.Of(ranked, chosen: [1, 7, 30], cutoff: 1).Ndcg, 1e-12);
        Assert.Equal(0, RankingMetrics.Of(ranked, chosen: [8], cutoff: 20).Ndcg);
    }

    [Fact]
    public void Each_customer_is_offered_the_one_item_of_their_kind_they_lack()
    {
        const int Kinds = 2, ItemsEach = 8;
        TrainingSet set = SmallShop.Kinds(Kinds, customersEach: 40, ItemsEach);
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe(factors: 2));
        InteractionMatrix lacked = InteractionMatrix.FromPairs(set.People.Count, set.Items.Count,
            Enumerable.Range(0, set.People.Count).Select(customer => (customer, SmallShop.LackedItem(customer, Kinds, ItemsEach))));
        ImmutableArray<RankingResult> results = Measure(model, set.Matrix, lacked, [1, 3]);
        Assert.Equal(80, results[0].Rows.Length);
        Assert.All(results[0].Cutoffs, metrics => Assert.Equal((1, 1, 1), (metrics.MeanRecall, metrics.MeanNdcg, metrics.ReciprocalRank.Average())));
        Assert.All(results[0].Cutoffs, metrics => Assert.Equal(1.0 / metrics.At, metrics.Precision.Average(), 1e-12));
        Assert.True(results[1].At(1).MeanRecall < 0.7);
        Assert.Equal(80 * 3, results[0].Exposures.Sum());
    }

    [Fact]
    public void Shuffled_test_labels_score_like_chance()
    {
        TrainingSet set = SmallShop.Kinds(4, 60, 30);
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe(factors: 4));
        var random = new Random(1);
        IEnumerable<(int, int)> Held(bool shuffled) => Enumerable.Range(0, set.People.Count)
            .Select(customer => (customer, SmallShop.LackedItem(shuffled ? random.Next(set.People.Count) : customer, 4, 30)));
        double Recall(bool shuffled) => Measure(model, set.Matrix,
            InteractionMatrix.FromPairs(set.People.Count, set.Items.Count, Held(shuffled)), [1])[0].At(1).MeanRecall;
        Assert.Equal(1, Recall(shuffled: false));
        // One item of some ninety that are not in the history: 240 customers expect 2 to 3 hits.
        Assert.InRange(Recall(shuffled: true), 0, 0.05);
    }

    [Fact]
    public void The_figures_do_not_depend_on_the_number_of_threads()
    {
        TrainingSet set = SmallShop.Random(5, customers: 200, items: 80);
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe());
        InteractionMatrix test = SmallShop.Random(6, customers: 200, items: 80).Matrix;
        ImmutableArray<RankingResult> one = Measure(model, set.Matrix, test, [5, 20], threads: 1),
            three = Measure(model, set.Matrix, test, [5, 20], threads: 3);
        foreach ((RankingResult a, RankingResult b) in one.Zip(three))
        {
            Assert.Equal(a.At(20).Ndcg, b.At(20).Ndcg);
            Assert.Equal(a.Exposures.AsEnumerable(), b.Exposures);
        }
        Assert.Equal(Enumerable.Range(0, 200).Count(row => test.Row(row).Length > 0), one[0].Rows.Length);
    }

    [Fact]
    public void An_empty_or_foreign_test_part_is_refused()
    {
        TrainingSet set = SmallShop.Kinds(2, 10, 5);
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe());
        Assert.Contains("Nobody", Refused(InteractionMatrix.FromPairs(20, 10, [])).Message, StringComparison.Ordinal);
        Assert.Contains("must agree", Refused(InteractionMatrix.FromPairs(20, 11, [(0, 0)])).Message, StringComparison.Ordinal);

        ArgumentException Refused(InteractionMatrix test) =>
            Assert.Throws<ArgumentException>(() => Measure(model, set.Matrix, test, [20]));
    }

    private static ImmutableArray<RankingResult> Measure(TrainedModel model, InteractionMatrix train, InteractionMatrix test, ImmutableArray<int> cutoffs,
        int threads = 2) => RankingEvaluation.Run([new ModelRanking("model", model), new PopularityRanking(train)], train, test,
            new EvaluationOptions { Cutoffs = cutoffs, Threads = threads }, ranked: null, CancellationToken.None);
}
