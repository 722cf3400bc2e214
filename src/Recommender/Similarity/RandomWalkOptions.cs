using System.ComponentModel.DataAnnotations;
using Recommender.Interactions;
using Recommender.Tuning;

namespace Recommender.Similarity;

/// <summary>Settings of a random walk from an item over its customers to other items (RP3beta, Paudel et al. 2017).</summary>
public sealed record RandomWalkOptions : SimilarityOptions
{
    internal const string Name = "random_walk";

    internal override string Kind => Name;

    /// <summary>Exponent of the walk's probabilities. Below 1 weak links count for more.</summary>
    [Range(0.01, 3.0), Searched(0.3, 1.6)]
    public double Alpha { get; init; } = 0.8;

    /// <summary>How much popular neighbours are held back: 0 not at all, 1 by their whole popularity.</summary>
    [Range(0.0, 2.0), Searched(0.0, 1.0)]
    public double Beta { get; init; } = 0.4;

    internal override ItemNeighbours Fit(InteractionMatrix interactions, int threads, Action<int>? fitted, CancellationToken cancellation) =>
        RandomWalk.Fit(interactions, this, threads, fitted, cancellation);
}
