using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Tests.Models;

/// <summary>Small training sets whose right answers are known.</summary>
internal static class SmallShop
{
    public const long PlentyOfMemory = 1L << 40;

    /// <summary>Each customer likes one kind and has every item of it but one: customer u lacks item u mod the kind's size.</summary>
    public static TrainingSet Kinds(int kinds, int customersEach, int itemsEach)
    {
        var pairs = new List<(int, int)>();
        for (int customer = 0; customer < kinds * customersEach; customer++)
        {
            for (int item = 0; item < itemsEach; item++)
            {
                if (item != customer % itemsEach) pairs.Add((customer, customer % kinds * itemsEach + item));
            }
        }
        return Set(kinds * customersEach, kinds * itemsEach, pairs);
    }

    public static int LackedItem(int customer, int kinds, int itemsEach) => customer % kinds * itemsEach + customer % itemsEach;

    /// <summary>Random taste, random confidences, some customers and items without any interaction.</summary>
    public static TrainingSet Random(int seed, int customers = 60, int items = 45, double density = 0.15)
    {
        var random = new Random(seed);
        var starts = new long[customers + 1];
        var columns = new List<int>();
        var confidences = new List<float>();
        for (int customer = 0; customer < customers; customer++)
        {
            for (int item = 0; item < items - 1; item++)
            {
                if (customer % 13 == 5 || random.NextDouble() > density) continue;
                columns.Add(item);
                confidences.Add((float)(0.1 + 2 * random.NextDouble()));
            }
            starts[customer + 1] = columns.Count;
        }
        return Set(customers, new InteractionMatrix(items, starts, [.. columns], [.. confidences]));
    }

    public static TrainingSet Set(int customers, int items, IEnumerable<(int, int)> pairs) =>
        Set(customers, InteractionMatrix.FromPairs(customers, items, pairs));

    public static TrainingSet Set(int customers, InteractionMatrix matrix) =>
        new(Names("customer:c", customers), Names("item", matrix.ColumnCount), matrix);

    public static Recipe Recipe(int factors = 8, int sweeps = 8) => new()
    {
        Factorization = new FactorizationOptions { Factors = factors, Sweeps = sweeps, UnobservedWeight = 0.1, Regularisation = 0.005 },
    };

    public static TrainedModel Train(TrainingSet set, Recipe recipe, int threads = 2, ulong seed = 1) =>
        Training.Run(set, recipe, new TrainingConditions { Seed = seed, Threads = threads, AvailableBytes = PlentyOfMemory }, CancellationToken.None);

    private static Vocabulary Names(string prefix, int count)
    {
        var builder = new VocabularyBuilder();
        for (int k = 0; k < count; k++) builder.Add($"{prefix}{k}");
        return builder.Build();
    }
}
