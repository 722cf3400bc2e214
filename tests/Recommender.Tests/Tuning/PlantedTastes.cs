using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Similarity;
using Recommender.Tests.Models;
using Recommender.Tuning;

namespace Recommender.Tests.Tuning;

/// <summary>Customers with tastes that are known, and starts of a search that miss them.</summary>
internal static class PlantedTastes
{
    public const int Kinds = 12;
    public const int ItemsEach = 12;

    /// <summary>Each customer likes two kinds and has most of their items, and a few of any kind.</summary>
    public static TrainingSet Set(int customers = 400, ulong seed = 1)
    {
        var random = new Random((int)seed);
        var pairs = new List<(int, int)>();
        for (int customer = 0; customer < customers; customer++)
        {
            int first = random.Next(Kinds), second = random.Next(Kinds);
            for (int item = 0; item < Kinds * ItemsEach; item++)
            {
                bool liked = item / ItemsEach == first || item / ItemsEach == second;
                if (random.NextDouble() < (liked ? 0.55 : 0.02)) pairs.Add((customer, item));
            }
        }
        return SmallShop.Set(customers, Kinds * ItemsEach, pairs);
    }

    /// <summary>Nobody likes anything more than anything else.</summary>
    public static TrainingSet Noise(int seed) => SmallShop.Random(seed, customers: 300, items: 60, density: 0.2);

    /// <summary>Regularised until hardly anything but popularity is left, and without neighbours.</summary>
    public static Recipe FarFromTheBest { get; } = new()
    {
        Factorization = SmallShop.Recipe(factors: 12).Factorization with { Regularisation = 50, UnobservedWeight = 8 },
        Similarities = [],
    };

    /// <summary>Its factors have had no time to learn, and its neighbours no say.</summary>
    public static Recipe SilentNeighbours { get; } = new()
    {
        Factorization = SmallShop.Recipe(factors: 1, sweeps: 1).Factorization,
        Similarities = [new RandomWalkOptions { Weight = 0, Neighbours = 30 }],
        Blend = new BlendOptions { Evidence = 0 },
    };

    public static TuningOptions Few(int trials = 30) => new() { Objective = new Objective("ndcg", 10), Trials = trials };

    public static TrainingConditions Conditions(int threads = 2, ulong seed = 3) => new()
    {
        Threads = threads,
        Seed = seed,
        AvailableBytes = SmallShop.PlentyOfMemory,
    };

    /// <summary>Mean NDCG@10 of a recipe on what is held out here.</summary>
    public static double Ndcg(HoldOut fold, Recipe recipe) => RankingEvaluation.Run([new ModelRanking("model", SmallShop.Train(fold.Train, recipe))],
        fold.Train.Matrix, fold.Test, new EvaluationOptions { Cutoffs = [10], Threads = 2 }, ranked: null, CancellationToken.None)[0].At(10).MeanNdcg;
}
