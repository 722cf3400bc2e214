using System.ComponentModel.DataAnnotations;

namespace Recommender.Pressure;

/// <summary>What was shown and ignored makes room, and comes back later.</summary>
public sealed record RotationOptions
{
    /// <summary>An item shown so often without being touched rests; 0 lets none rest.</summary>
    [Range(0, 1000)]
    public int AfterShown { get; init; }

    /// <summary>How long it rests before it is shown again.</summary>
    [Range(1, 365)]
    public int RestDays { get; init; } = 7;

    /// <summary>Whether an item rests at a moment.</summary>
    /// <param name="shown">When it was shown to the person and not touched since, oldest first.</param>
    public bool Rests(IEnumerable<DateTimeOffset> shown, DateTimeOffset now)
    {
        if (AfterShown == 0) return false;
        int times = 0;
        DateTimeOffset restsUntil = DateTimeOffset.MinValue;
        foreach (DateTimeOffset moment in shown)
        {
            if (moment < restsUntil) continue; // another box may have shown it meanwhile
            if (++times < AfterShown) continue;
            (times, restsUntil) = (0, moment + TimeSpan.FromDays(RestDays));
        }
        return now < restsUntil;
    }
}
