using System.ComponentModel.DataAnnotations;

namespace Recommender.Factorization;

/// <summary>
/// When sweeps end before their number: part of what some customers have is held out of the training, and once their lists stop finding it
/// better the factors of the best sweep are kept. What was held out is learned at the end.
/// </summary>
public sealed record EarlyStoppingOptions
{
    /// <summary>Customers who are looked at, drawn at random. More tell the best sweep more surely; each costs a ranking of the catalogue a sweep.</summary>
    [Range(1, 100_000)]
    public int Customers { get; init; } = 500;

    /// <summary>The part of their items that is held out.</summary>
    [Range(0.01, 0.9)]
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Sweeps without a better figure before it stops. More forgive a bad one.</summary>
    [Range(1, 100)]
    public int Patience { get; init; } = 2;

    /// <summary>Sweeps over everything from the best factors, by which what was held out is learned.</summary>
    [Range(0, 100)]
    public int FinalSweeps { get; init; } = 1;
}
