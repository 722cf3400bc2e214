using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Tests.Models;

namespace Recommender.Tests.Evaluation;

public sealed class ModelComparisonTests
{
    private static readonly HoldOut _holdOut = StandingHoldOut.Split(SmallShop.Kinds(4, customersEach: 100, itemsEach: 25), 0.05);
    private static readonly TrainedModel _good = SmallShop.Train(_holdOut.Train, SmallShop.Recipe(factors: 4));
    private static readonly TrainedModel _bad = SmallShop.Train(SmallShop.Random(9, customers: 400, items: 100), SmallShop.Recipe(factors: 1, sweeps: 1));

    [Fact]
    public void A_model_that_is_worse_is_seen_to_be_and_a_better_one_is_not_held_up()
    {
        var worse = ModelComparison.Of((_bad, _holdOut), (_good, _holdOut), threads: 2, CancellationToken.None)!;
        var better = ModelComparison.Of((_good, _holdOut), (_bad, _holdOut), threads: 2, CancellationToken.None)!;
        Assert.True(worse.Worse);
        Assert.False(better.Worse);
        Assert.Equal(worse.Difference.Mean, -better.Difference.Mean, 1e-12);
        Assert.Equal(worse.Candidate, better.Live);
        Assert.InRange(worse.Difference.Mean, worse.Difference.Low, worse.Difference.High);
    }

    [Fact]
    public void A_model_is_not_worse_than_itself()
    {
        var same = ModelComparison.Of((_good, _holdOut), (_good, _holdOut), threads: 2, CancellationToken.None)!;
        Assert.Equal((0, 0, 0), (same.Difference.Mean, same.Difference.Low, same.Difference.High));
        Assert.False(same.Worse);
    }

    [Fact]
    public void A_model_that_numbers_its_items_otherwise_or_lacks_some_is_measured_by_their_ids()
    {
        // The same data with the items in the opposite order, and without the first kind.
        TrainingSet set = _holdOut.Train;
        var items = new VocabularyBuilder();
        for (int item = set.Items.Count - 1; item >= 25; item--) items.Add(set.Items[item]);
        var pairs = from row in Enumerable.Range(0, set.Matrix.RowCount)
                    from item in set.Matrix.Row(row).Columns.ToArray()
                    where item >= 25
                    select (row, 99 - item);
        var turned = set with { Items = items.Build(), Matrix = InteractionMatrix.FromPairs(set.Matrix.RowCount, 75, pairs) };
        TrainedModel model = SmallShop.Train(turned, SmallShop.Recipe(factors: 3));
        RankingResult result = RankingEvaluation.Run([new ModelRanking("turned", model, set.Items)], set.Matrix, _holdOut.Test,
            new EvaluationOptions { Cutoffs = [5] }, ranked: null, CancellationToken.None)[0];
        for (int k = 0; k < result.Rows.Length; k++)
        {
            int[] held = _holdOut.Test.Row(result.Rows[k]).Columns.ToArray();
            // A customer of a kind it knows is found everything; one of the kind it lacks nothing.
            if (held[0] < 25) Assert.Equal(0, result.Cutoffs[0].Recall[k]);
            else if (held.Length <= 4) Assert.Equal(1, result.Cutoffs[0].Recall[k]);
        }
        Assert.All(Enumerable.Range(0, 25), item => Assert.Equal(0, result.Exposures[item]));
    }

    [Fact]
    public void Too_few_customers_are_no_comparison()
    {
        HoldOut few = StandingHoldOut.Split(SmallShop.Kinds(2, customersEach: 20, itemsEach: 12), 0.05);
        TrainedModel model = SmallShop.Train(few.Train, SmallShop.Recipe(factors: 2));
        Assert.Null(ModelComparison.Of((model, few), (model, few), threads: 1, CancellationToken.None));
    }
}
