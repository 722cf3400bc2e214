using System.ComponentModel.DataAnnotations;

namespace Recommender.Repeats;

/// <summary>
/// How much a person's own habit counts where what was bought may be offered again: an item they buy regularly rises as the day comes near
/// on which it is due. Where nothing is offered again it has no effect.
/// </summary>
public sealed record RepeatOptions
{
    /// <summary>What an item gains that is surely bought every day; a perfect match in the factors scores about 1. 0 leaves habits out.</summary>
    [Range(0.0, 100.0)]
    public double Weight { get; init; } = 20;

    /// <summary>An own interval counts beside the item's usual one as much as this many: higher trusts everybody's interval longer.</summary>
    [Range(0.0, 100.0)]
    public double UsualIntervals { get; init; } = 1;

    /// <summary>After this many intervals beyond the due day a habit is half as likely to go on; lower gives up sooner.</summary>
    [Range(0.1, 1000.0)]
    public double Patience { get; init; } = 20;

    /// <summary>The part of a habit that counts just after a purchase: 0 offers nothing before it is due, 1 does not look at the day.</summary>
    [Range(0.0, 1.0)]
    public double Early { get; init; } = 0.5;

    /// <summary>Items bought every so many days count half as much as those bought daily: higher tells frequent and rare habits less apart.</summary>
    [Range(0.1, 10_000.0)]
    public double Tempo { get; init; } = 100;
}
