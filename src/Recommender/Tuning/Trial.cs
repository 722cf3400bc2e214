using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>One recipe that was measured, as the leader board shows it.</summary>
/// <param name="Number">From 1, in the order in which they were tried.</param>
/// <param name="Fidelity">"coarse", "fine" or "full": only figures of the same one are comparable.</param>
/// <param name="What">What is different, for people.</param>
/// <param name="Recipe">All of it, with the best blend found for its parts.</param>
/// <param name="Figure">Mean of the objective; NaN where it was skipped.</param>
/// <param name="CpuSeconds">What fitting and measuring cost.</param>
/// <param name="Rank">1 for the best of its fidelity so far; 0 where it was skipped.</param>
/// <param name="Skipped">Why it was not measured; null where it was.</param>
public sealed record Trial(int Number, string Fidelity, string What, Recipe Recipe, double Figure, double CpuSeconds, int Rank, string? Skipped)
{
    /// <summary>The objective, customer by customer.</summary>
    internal double[] Values { get; init; } = [];
}
