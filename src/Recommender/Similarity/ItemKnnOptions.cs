using System.ComponentModel.DataAnnotations;
using Recommender.Interactions;
using Recommender.Tuning;

namespace Recommender.Similarity;

/// <summary>Settings of nearest neighbours by the customers that items share (ItemKNN).</summary>
public sealed record ItemKnnOptions : SimilarityOptions
{
    internal const string Name = "item_knn";

    internal override string Kind => Name;

    /// <summary>So many customers in common are taken for chance: greater makes rare items nearer to nothing.</summary>
    [Range(0.0, 10_000.0), Searched(0.0, 100.0)]
    public double Shrinkage { get; init; } = 5;

    /// <summary>How much customers with many items are held back: 0 not at all, 1 so that all customers count the same.</summary>
    [Range(0.0, 2.0), Searched(0.0, 1.0)]
    public double Activity { get; init; } = 0.5;

    /// <summary>How much popular neighbours are held back beyond the cosine: 0 not at all; below 0 they are brought forward.</summary>
    [Range(-1.0, 1.0), Searched(-0.5, 0.5)]
    public double Popularity { get; init; }

    internal override ItemNeighbours Fit(InteractionMatrix interactions, int threads, Action<int>? fitted, CancellationToken cancellation) =>
        ItemKnn.Fit(interactions, this, threads, fitted, cancellation);
}
