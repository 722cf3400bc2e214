using System.ComponentModel.DataAnnotations;

namespace Recommender.Similarity;

/// <summary>Settings of the item-to-item neighbours: a random walk from an item over its customers to other items (RP3beta, Paudel et al. 2017).</summary>
public sealed record SimilarityOptions
{
    /// <summary>Neighbours kept an item: more answers and finer blends, 8 bytes each in memory.</summary>
    [Range(1, 10_000)]
    public int Neighbours { get; init; } = 100;

    /// <summary>Exponent of the walk's probabilities. Below 1 weak links count for more.</summary>
    [Range(0.01, 3.0)]
    public double Alpha { get; init; } = 0.8;

    /// <summary>How much popular neighbours are held back: 0 not at all, 1 by their whole popularity.</summary>
    [Range(0.0, 2.0)]
    public double Beta { get; init; } = 0.4;

    /// <summary>Customers with more items than this do not link items: they are shops or robots, and cost the square of their items.</summary>
    [Range(2, 1_000_000)]
    public int LongestHistory { get; init; } = 2_000;
}
