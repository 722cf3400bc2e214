using System.ComponentModel.DataAnnotations;

namespace Recommender.Scoring;

/// <summary>
/// How much the neighbours of what a person has count beside their taste in the factors. The two see different things: neighbours
/// know which items go together, however rare; factors what a person is like. Together they rank better than each.
/// </summary>
public sealed record BlendOptions
{
    /// <summary>What the item nearest to the whole history gains; a perfect match in the factors scores about 1. 0 leaves neighbours out.</summary>
    [Range(0.0, 10.0)]
    public double Neighbours { get; init; } = 1;

    /// <summary>A history of this much confidence gives neighbours half of that: those of a single item say less than its factors.</summary>
    [Range(0.0, 1000.0)]
    public double Evidence { get; init; } = 20;

    /// <summary>What the nearest item gains beside a history whose confidences add up to <paramref name="confidence"/>.</summary>
    internal double Weight(double confidence) => confidence > 0 ? Neighbours * confidence / (confidence + Evidence) : 0;
}
