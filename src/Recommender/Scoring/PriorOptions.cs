using System.ComponentModel.DataAnnotations;

namespace Recommender.Scoring;

/// <summary>
/// How much what everybody wants counts beside what a person's own history says: popularity is added to every score with the weight
/// <c>Strength / (1 + (confidence of the history / Evidence)^2)</c>, which fades as the history grows.
/// </summary>
public sealed record PriorOptions
{
    /// <summary>Weight of popularity (an item's mean confidence) for somebody of whom nothing is known; a perfect match scores about 1.</summary>
    [Range(0.0, 100.0)]
    public double Strength { get; init; } = 2;

    /// <summary>A history of this much confidence halves the weight. About the number of purchases after which taste speaks louder.</summary>
    [Range(0.01, 1000.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>Weight of popularity beside a history whose confidences add up to <paramref name="confidence"/>.</summary>
    internal float Weight(double confidence) => (float)(Strength / (1 + Math.Pow(confidence / Evidence, 2)));
}
