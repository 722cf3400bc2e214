using System.ComponentModel.DataAnnotations;
using Recommender.Interactions;
using Recommender.Tuning;

namespace Recommender.Similarity;

/// <summary>Settings of the sparse approximation of EASE: each item is predicted from the items nearest to it instead of from all.</summary>
public sealed record SparseEaseOptions : SimilarityOptions
{
    internal const string Name = "sparse_ease";

    internal override string Kind => Name;

    /// <summary>Ridge of the regression, in customers: greater trusts what few customers have in common less.</summary>
    [Range(0.1, 1_000_000.0), Searched(5, 500, Logarithmic = true)]
    public double Regularisation { get; init; } = 100;

    /// <summary>How much customers with many items are held back: 0 not at all, 1 so that all customers count the same.</summary>
    [Range(0.0, 2.0), Searched(0.0, 1.0)]
    public double Activity { get; init; } = 0.25;

    /// <summary>How much popular items are held back among those that are offered: 0 not at all, 1 by their whole popularity.</summary>
    [Range(0.0, 2.0), Searched(0.0, 0.6)]
    public double Popularity { get; init; } = 0.3;

    internal override ItemNeighbours Fit(InteractionMatrix interactions, int threads, Action<int>? fitted, CancellationToken cancellation) =>
        Solved(Regularisation, () => SparseEase.Fit(interactions, this, threads, fitted, cancellation));

    internal override long TrainingBytes(long customers, long items, long interactions, int threads) =>
        base.TrainingBytes(customers, items, interactions, threads)
            // A thread's last entries, the entries of an item's neighbours (no customer has more than one of each) and their system.
            + threads * (customers * 4 + Math.Min(interactions, Neighbours * customers) * 12 + (long)Neighbours * Neighbours * 4);
}
