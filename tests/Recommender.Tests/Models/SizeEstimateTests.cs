using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Tests.Models;

[Collection(nameof(Alone))]
public sealed class SizeEstimateTests
{
    [Fact]
    public void The_estimate_is_near_what_a_model_takes()
    {
        TrainingSet set = SmallShop.Random(1, customers: 3000, items: 4000, density: 0.01);
        Recipe recipe = SmallShop.Recipe(factors: 128, sweeps: 1);
        TrainedModel model = SmallShop.Train(set, recipe);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        TrainedModel copy = Copied(model);
        var scorer = new Scorer(copy);
        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(scorer);
        Assert.InRange(SizeEstimate.Of(set, recipe, threads: 1).ServingBytes / (double)taken, 0.8, 1.5);
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

    private static TrainedModel Copied(TrainedModel model)
    {
        var files = new Dictionary<string, MemoryStream>();
        ModelFiles.Write(model, name => files[name] = new MemoryStream());
        return ModelFiles.Read(model.Card, name => new MemoryStream(files[name].ToArray()));
    }
}
