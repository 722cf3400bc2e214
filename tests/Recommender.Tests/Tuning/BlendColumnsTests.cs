using Recommender.Evaluation;
using Recommender.Models;
using Recommender.Similarity;
using Recommender.Tests.Models;
using Recommender.Tuning;

namespace Recommender.Tests.Tuning;

public sealed class BlendColumnsTests
{
    [Theory]
    [InlineData(20, 100_000, 40_000)]
    [InlineData(1000, 100_000, 4_000)]
    [InlineData(1000, 50, 80_000)]
    public void Longer_lists_are_measured_on_fewer_customers(int longest, int items, int customers) =>
        Assert.Equal(customers, BlendColumns.MostCustomers(longest, items, BlendColumns.MostCandidates));

    [Fact]
    public void Parts_that_differ_only_in_how_much_they_count_are_fitted_once()
    {
        Recipe recipe = SmallShop.Recipe() with { Similarities = [new RandomWalkOptions()] };
        var fits = new PartFits(SmallShop.Random(8, customers: 50, items: 30), PlantedTastes.Conditions());
        TrainedModel before = fits.Model(recipe, CancellationToken.None);
        TrainedModel after = fits.Model(recipe with { Similarities = [new RandomWalkOptions { Weight = 2, FadesAt = 3, GrowsAt = 4 }] }, CancellationToken.None);
        Assert.Same(before.Similarities[0], after.Similarities[0]);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(0.3, 0)]
    [InlineData(0, 5)]
    public void A_blend_on_columns_ranks_as_the_scorer_does(double weight, double evidence)
    {
        HoldOut fold = HoldOut.AtRandom(SmallShop.Random(8, customers: 150, items: 80), 0.2, seed: 1);
        Recipe fitted = SmallShop.Recipe() with { Similarities = [new RandomWalkOptions(), new RandomWalkOptions { Alpha = 1.2, Beta = 0.9 }] };
        Recipe blend = fitted with
        {
            Similarities = [fitted.Similarities[0] with { Weight = weight }, fitted.Similarities[1] with { Weight = 0.7, FadesAt = 6 }],
            Blend = fitted.Blend with { Evidence = evidence },
        };
        var objective = new Objective("ndcg", 10);
        BlendColumns columns = BlendColumns.Of(SmallShop.Train(fold.Train, fitted), fold, Validation.Customers(fold), Recommender.Questionnaires.AnswerColumns.ItemsAmong(fold.Train.Items),
            longest: 10, threads: 2, CancellationToken.None);
        double[] scored = objective.Of(RankingEvaluation.Run([new ModelRanking("scorer", SmallShop.Train(fold.Train, blend))], fold.Train.Matrix, fold.Test,
            new EvaluationOptions { Cutoffs = [10], Threads = 2 }, ranked: null, CancellationToken.None)[0]);
        double[] blended = columns.Measure(blend, objective, threads: 2, CancellationToken.None);
        // Scores that are equal but for rounding may change places.
        Assert.InRange(scored.Zip(blended).Count(pair => Math.Abs(pair.First - pair.Second) > 1e-12), 0, 1);
    }
}
