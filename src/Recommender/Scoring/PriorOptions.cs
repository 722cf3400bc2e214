using System.ComponentModel.DataAnnotations;

namespace Recommender.Scoring;

/// <summary>
/// How much what everybody wants counts beside what a person's own history says, and for who has answered questions, what everybody who
/// answers like them wants. Both are added to every score and fade as the history grows.
/// </summary>
public sealed record PriorOptions
{
    /// <summary>Weight of the prior (an item's mean confidence) for somebody of whom nothing is known; a perfect match scores about 1.</summary>
    [Range(0.0, 100.0)]
    public double Strength { get; init; } = 2;

    /// <summary>A history of this much confidence halves the weight of popularity. About the number of purchases after which taste speaks louder.</summary>
    [Range(0.01, 1000.0)]
    public double Evidence { get; init; } = 3;

    /// <summary>
    /// Up to about this much confidence the answers of who was asked are also read by themselves, so that only what was asked says
    /// something. Beyond it, what a history leaves out says more. 0.01 switches that off.
    /// </summary>
    [Range(0.01, 1000.0)]
    public double ShortHistory { get; init; } = 6;

    /// <summary>
    /// The chance that somebody who would choose an item says yes when asked about it. Lower makes a "no" say less and a "yes" more.
    /// </summary>
    [Range(0.01, 1.0)]
    public double AnswerRate { get; init; } = 0.5;

    /// <summary>Weight of popularity beside a history whose confidences add up to <paramref name="confidence"/>.</summary>
    internal float Weight(double confidence) => (float)(Strength / (1 + Math.Pow(confidence / Evidence, 2)));

    /// <summary>Weight of what is believed from answers; exactly 0 where it would hardly be seen, so that it need not be computed.</summary>
    internal float BeliefWeight(double confidence)
    {
        double part = 1 / (1 + Math.Pow(confidence / ShortHistory, 4));
        return part < 0.005 ? 0 : (float)(Strength * part);
    }
}
