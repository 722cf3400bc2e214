using System.ComponentModel.DataAnnotations;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Tuning;

namespace Recommender.Similarity;

/// <summary>
/// Settings of factored item similarities (FISM, Kabbur et al. 2013) learned by a softmax over sampled items (Wu et al. 2022). Slower to
/// fit than the other kinds; it sees what least squares do not, so it is good beside them.
/// </summary>
public sealed record FismOptions : SimilarityOptions
{
    internal const string Name = "fism";

    internal override string Kind => Name;

    /// <summary>Length of each item's two vectors. Time grows with it.</summary>
    [Range(1, 512), Searched(32, 128, Logarithmic = true)]
    public int Factors { get; init; } = 64;

    /// <summary>How often every customer is looked at. Too often learns by heart.</summary>
    [Range(1, 1000), Searched(8, 30, Logarithmic = true)]
    public int Epochs { get; init; } = 14;

    /// <summary>Lower pushes the items away that are hardest to tell from what the customer has.</summary>
    [Range(0.01, 2.0), Searched(0.06, 0.2, Logarithmic = true)]
    public double Temperature { get; init; } = 0.1;

    /// <summary>Length of the first steps (Adam); later ones are shorter.</summary>
    [Range(1e-5, 0.5), Searched(0.002, 0.01, Logarithmic = true)]
    public double LearningRate { get; init; } = 0.005;

    /// <summary>Part of a history that is hidden while the whole of it is to be found. More makes for less learning by heart.</summary>
    [Range(0.0, 0.95), Searched(0.3, 0.7)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>Items that stand for all others in each step.</summary>
    [Range(1, 100_000)]
    public int Negatives { get; init; } = 4096;

    /// <summary>Of the first vectors and of everything that is drawn.</summary>
    public int Seed { get; init; } = 1;

    internal override ItemNeighbours Fit(InteractionMatrix interactions, int threads, Action<int>? fitted, CancellationToken cancellation) =>
        Fism.Fit(interactions, this, threads, fitted, cancellation);

    // Two sides of vectors, their moments and gradients; the logits of a batch.
    internal override long TrainingBytes(long customers, long items, long interactions, int threads) =>
        base.TrainingBytes(customers, items, interactions, threads)
            + 8 * items * FactorMatrix.StrideFor(Factors) * sizeof(float) + (long)Fism.MostAtOnce * Math.Min(Negatives, items) * sizeof(float);
}
