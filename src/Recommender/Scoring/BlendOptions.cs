using System.ComponentModel.DataAnnotations;

namespace Recommender.Scoring;

/// <summary>
/// How much the neighbours of what a person has count beside their taste in the factors. The two see different things: neighbours
/// know which items go together, however rare; factors what a person is like. Together they rank better than each.
/// </summary>
public sealed record BlendOptions
{
    /// <summary>Weight of the taste in the factors, beside which the neighbours' weights are meant. 0 leaves the factors out.</summary>
    [Range(0.0, 10.0)]
    public double Factors { get; init; } = 1;

    /// <summary>A history of this much confidence gives neighbours half of their weight: those of a single item say less than its factors.</summary>
    [Range(0.0, 1000.0)]
    public double Evidence { get; init; } = 20;

    /// <summary>The part of their weight, 0 to 1, that neighbours have beside a history whose confidences add up to <paramref name="confidence"/>.</summary>
    internal double NeighbourShare(double confidence) => confidence > 0 ? confidence / (confidence + Evidence) : 0;
}
