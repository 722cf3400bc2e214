using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Similarity;

namespace Recommender.Tests.Models;

[Collection(nameof(Alone))]
public sealed class SizeEstimateTests
{
    [Fact]
    public void The_estimate_covers_what_a_model_holds_and_little_more()
    {
        TrainingSet set = SmallShop.Random(1, customers: 500, items: 4000, density: 0.05);
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe(factors: 100, sweeps: 1));
        Dictionary<string, long> serving = SizeEstimate.Of(set, model.Card.Recipe, threads: 1).Parts.ToDictionary(part => part.Name, part => part.ServingBytes);
        Assert.InRange(serving["item factors"], model.ItemFactors.Padded.Length * 3.9, model.ItemFactors.Padded.Length * 4.1);
        for (int part = 0; part < model.Similarities.Length; part++)
            Assert.InRange(serving[$"neighbours ({model.Card.Recipe.Similarities[part].Kind})"], model.Similarities[part].Count * 8, model.Similarities[part].Count * 8.3);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    public void What_is_served_takes_at_most_a_third_more_than_the_factors(int factors)
    {
        const int Items = 20_000;
        var matrix = new FactorMatrix(Items, factors);
        long floats = (long)Items * factors * sizeof(float), codes = FactorCodes.Of(matrix, 1, CancellationToken.None).Bytes;
        Assert.InRange((double)(matrix.Padded.Length * sizeof(float) + codes) / floats, 1, 1.35);
        Recipe recipe = new() { Factorization = new FactorizationOptions { Factors = factors } };
        Assert.InRange(SizeEstimate.Of(1000, Items, 1000, recipe, 1).Parts.Single(part => part.Name == "item codes").ServingBytes, 0.99 * codes, 1.05 * codes);
    }

    [Fact]
    public void What_a_server_holds_of_the_interactions_while_it_trains_and_of_new_items_afterwards_is_counted()
    {
        SizeEstimate described = SizeEstimate.Of(1_000_000, 100_000, 50_000_000, new Recipe(), 2, described: 100_000);
        Assert.InRange(described.Parts.Single(part => part.Name == "interactions").TrainingBytes, 3L * 8 * 50_000_000, 3L * 8 * 52_000_000);

        Recipe more = new Recipe() with { NewItems = new NewItemOptions { MostItems = 120_000 } };
        long grown = SizeEstimate.Of(1_000_000, 100_000, 50_000_000, more, 2, described: 100_000).ServingBytes - described.ServingBytes;
        Assert.InRange(grown, 100_000L * 192 * 4, 5 * 100_000L * 192 * 4);
    }

    [Fact]
    public void A_sparse_regression_is_counted_with_all_that_the_customers_of_an_items_neighbours_have()
    {
        SimilarityOptions few = new SparseEaseOptions { Neighbours = 10 }, many = new SparseEaseOptions { Neighbours = 100 };
        Assert.InRange(many.TrainingBytes(2_000_000, 1, 100_000_000, 3) - few.TrainingBytes(2_000_000, 1, 100_000_000, 3), 3L * 12 * 80_000_000, 3L * 13 * 80_000_000);
    }

    [Fact]
    public void Parts_add_up_and_grow_with_their_cause()
    {
        SizeEstimate small = SizeEstimate.Of(1_000_000, 100_000, 50_000_000, new Recipe(), 2);
        SizeEstimate large = SizeEstimate.Of(2_000_000, 100_000, 50_000_000, new Recipe(), 2);
        Assert.Equal(small.Parts.Sum(part => part.TrainingBytes), small.TrainingBytes);
        Assert.True(large.TrainingBytes > small.TrainingBytes);
        Assert.Equal(small.ServingBytes, large.ServingBytes);
    }
}
