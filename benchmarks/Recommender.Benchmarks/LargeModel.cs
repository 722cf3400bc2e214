using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Popularity;
using Recommender.Similarity;

namespace Recommender.Benchmarks;

/// <summary>A model as large as wished with the default recipe's parts, made without a training: only its sizes and layout are those of a real one.</summary>
internal static class LargeModel
{
    /// <param name="items">How many it knows, as <see cref="Id"/> calls them.</param>
    /// <param name="factors">Length of their vectors.</param>
    /// <param name="described">Whether it has learned what the attributes of <see cref="ItemOf"/> mean.</param>
    /// <param name="id">Its own.</param>
    public static TrainedModel Make(int items, int factors, bool described, string id)
    {
        var recipe = new Recipe { Factorization = new FactorizationOptions { Factors = factors } };
        FactorMatrix rows = Catalogues.Factors(items, factors, seed: 5);
        var covariance = new FactorMatrix(factors, factors);
        for (int j = 0; j < factors; j++) covariance.MutableRow(j)[j] = 0.01f / (1 + j);
        ItemPlacement? placement = described ? Placement(items, factors, recipe.NewItems) : null;
        var card = new ModelCard
        {
            Id = id,
            TrainedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
            TrainingSeconds = 0,
            EventsUpTo = 0,
            Seed = 1,
            CodeVersion = "benchmark",
            DataFingerprint = "",
            Customers = 1_000_000,
            Items = items,
            Interactions = 50_000_000,
            Recipe = recipe,
            Features = placement?.Features.Count ?? 0,
        };
        var names = new VocabularyBuilder();
        for (int item = 0; item < items; item++) names.Add(Id(item));
        return new TrainedModel(card, names.Build(), rows, [.. Enumerable.Range(0, factors).Select(j => items * 0.09f / (1 + j))], new ItemPopularity(Shares(items)),
            [.. recipe.Similarities.Select((part, k) => Neighbours(items, part.Neighbours, k))], new TastePrior(Shares(items), covariance))
        { Placement = placement };
    }

    /// <summary>As long as an article number.</summary>
    public static string Id(int item) => $"article-{item * 7919L % 100_000_007:D8}";

    /// <summary>An item with the attributes of a usual catalogue.</summary>
    public static Item ItemOf(int item) => new(Id(item))
    {
        Attributes = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, (KeyValuePair<string, AttributeValue>[])
        [
            new("title", new AttributeValue.Text($"The {_words[item % 16]} {_words[item / 16 % 16]} of number {item % 5000}")),
            new("brand", new AttributeValue.Text($"brand {item % 2000}")),
            new("category", new AttributeValue.Text($"category {item % 300}")),
            new("price", new AttributeValue.Number(item % 9000 / 100.0)),
            new("tags", new AttributeValue.TextList([$"tag {item % 40}", $"tag {item % 700}"])),
        ]),
    };

    private static readonly string[] _words =
        ["red", "old", "small", "quiet", "lamp", "house", "chair", "river", "garden", "winter", "night", "stone", "paper", "glass", "blue", "long"];

    private static ItemPlacement Placement(int items, int factors, NewItemOptions options)
    {
        Item[] catalogue = [.. Enumerable.Range(0, items).Select(ItemOf)];
        ItemFeatures features = ItemFeatures.Learn(catalogue, options);
        return new ItemPlacement(features, features.MatrixOf(catalogue), Catalogues.Factors(features.Count, factors, seed: 6), Shares(features.Count), new float[factors + 1]);
    }

    private static float[] Shares(int count) => [.. Enumerable.Range(0, count).Select(item => 0.05f / (1 + item % 1009))];

    private static ItemNeighbours Neighbours(int items, int each, int seed)
    {
        var random = new Random(seed);
        each = Math.Min(each, items);
        long[] starts = [.. Enumerable.Range(0, items + 1).Select(item => (long)item * each)];
        int[] neighbours = new int[starts[^1]];
        float[] similarities = new float[neighbours.Length];
        for (int at = 0; at < neighbours.Length; at++) (neighbours[at], similarities[at]) = ((int)(items * Math.Pow(random.NextDouble(), 1.5)), 1f / (1 + at % each));
        return new ItemNeighbours(starts, neighbours, similarities);
    }
}
