using System.ComponentModel.DataAnnotations;

namespace Recommender.Relationship;

/// <summary>When something counts as consumed regularly, and how long it stays worth mentioning.</summary>
public sealed record OccasionOptions
{
    /// <summary>Days on which a customer bought an item that make a rhythm of their own. Fewer believes in habits sooner.</summary>
    [Range(3, 100)]
    public int OwnRhythmPurchases { get; init; } = 3;

    /// <summary>Customers who bought an item again that make it a consumable for everybody. Fewer finds more, and more by chance.</summary>
    [Range(1, 100_000)]
    public int ConsumableRepeaters { get; init; } = 5;

    /// <summary>Part of an item's buyers who must have bought it again. Lower takes more for consumables.</summary>
    [Range(0.0, 1.0)]
    public double ConsumableShare { get; init; } = 0.2;

    /// <summary>Intervals after the due day during which a replenishment is still worth mentioning. Longer reminds later.</summary>
    [Range(0.0, 10.0)]
    public double OverdueIntervals { get; init; } = 0.5;

    /// <summary>These options, if every value is in its range.</summary>
    /// <exception cref="ValidationException">Names the value and its range.</exception>
    public OccasionOptions Validated()
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        return this;
    }
}
