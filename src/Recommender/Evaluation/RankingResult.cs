using System.Collections.Immutable;

namespace Recommender.Evaluation;

/// <summary>How one ranking did, customer by customer: means, intervals and comparisons are made of these.</summary>
/// <param name="Name">Of the ranking.</param>
/// <param name="Rows">The customers that were measured, ascending; the same for all rankings of one evaluation.</param>
/// <param name="Cutoffs">One entry a length of list, in the order of the options.</param>
/// <param name="Exposures">How often each item stood in a list of the greatest cut-off.</param>
public sealed record RankingResult(string Name, ImmutableArray<int> Rows, ImmutableArray<CutoffMetrics> Cutoffs, ImmutableArray<int> Exposures)
{
    /// <exception cref="ArgumentException">It was not measured at that length.</exception>
    public CutoffMetrics At(int cutoff) => Cutoffs.FirstOrDefault(metrics => metrics.At == cutoff)
        ?? throw new ArgumentException($"Measured at {string.Join(", ", Cutoffs.Select(metrics => metrics.At))}, not at {cutoff}.", nameof(cutoff));
}

/// <summary>One figure a customer, in the order of <see cref="RankingResult.Rows"/>; what each is stands at <see cref="Figure"/>.</summary>
/// <param name="At">Length of the list.</param>
/// <param name="Recall">0 to 1.</param>
/// <param name="Ndcg">0 to 1.</param>
/// <param name="ReciprocalRank">0 to 1.</param>
/// <param name="Precision">0 to 1.</param>
public sealed record CutoffMetrics(int At, double[] Recall, double[] Ndcg, double[] ReciprocalRank, double[] Precision)
{
    /// <summary>Bits.</summary>
    public double[] Novelty { get; init; } = [];

    /// <summary>How often each item stood in a list of this length.</summary>
    public ImmutableArray<int> Exposures { get; init; } = [];

    /// <summary>How often each item stood in a list of this length and had been chosen.</summary>
    public ImmutableArray<int> Hits { get; init; } = [];

    public double MeanRecall => Recall.Average();

    public double MeanNdcg => Ndcg.Average();

    public double[] Of(Figure figure) => figure switch
    {
        Figure.Recall => Recall,
        Figure.Ndcg => Ndcg,
        Figure.ReciprocalRank => ReciprocalRank,
        Figure.Precision => Precision,
        Figure.Novelty => Novelty,
        _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, "There is no such figure."),
    };
}
