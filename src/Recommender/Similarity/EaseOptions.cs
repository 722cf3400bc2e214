using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Tuning;

namespace Recommender.Similarity;

/// <summary>Settings of EASE (Steck 2019): each item is predicted from all others by a ridge regression, in closed form.</summary>
public sealed record EaseOptions : SimilarityOptions
{
    internal const string Name = "ease";

    internal override string Kind => Name;

    /// <summary>Ridge of the regression, in customers: greater trusts what few customers have in common less.</summary>
    [Range(0.1, 1_000_000.0), Searched(50, 2000, Logarithmic = true)]
    public double Regularisation { get; init; } = 200;

    /// <summary>How much customers with many items are held back: 0 not at all, 1 so that all customers count the same.</summary>
    [Range(0.0, 2.0), Searched(0.0, 1.0)]
    public double Activity { get; init; }

    /// <summary>How much popular items are held back among those that are offered: 0 not at all, 1 by their whole popularity.</summary>
    [Range(0.0, 2.0), Searched(0.0, 0.6)]
    public double Popularity { get; init; }

    /// <summary>More items than this are refused: a matrix of items x items takes 4 bytes a cell, and time grows with the cube.</summary>
    [Range(1, 46_000)]
    public int LargestCatalogue { get; init; } = 20_000;

    internal override ItemNeighbours Fit(InteractionMatrix interactions, int threads, Action<int>? fitted, CancellationToken cancellation) =>
        Solved(Regularisation, () => Ease.Fit(interactions, this, threads, fitted, cancellation));

    internal override long TrainingBytes(long customers, long items, long interactions, int threads) =>
        base.TrainingBytes(customers, items, interactions, threads) + MatrixBytes(items);

    internal override string? Refusal(long items) => items <= LargestCatalogue ? null : string.Create(CultureInfo.InvariantCulture,
        $"\"{Name}\" is for up to {LargestCatalogue:N0} items ('largest_catalogue'); {items:N0} take {MatrixBytes(items) / (double)(1L << 30):0.0} GiB. Take \"{SparseEaseOptions.Name}\": it answers as well and takes no such matrix.");

    // The matrix and one panel of it.
    private static long MatrixBytes(long items) => FactorMatrix.PaddedRows(items) * (FactorMatrix.PaddedRows(items) + SymmetricInverse.Panel) * sizeof(float);
}
