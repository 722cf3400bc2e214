using System.ComponentModel.DataAnnotations;

namespace Recommender.LifeCycle;

/// <summary>When a relationship counts as settled and when as broken.</summary>
public sealed record LifeCycleOptions
{
    /// <summary>Purchases in a row without a new category after which buying counts as settled. Higher keeps customers longer in expansion.</summary>
    [Range(1, 100)]
    public int PurchasesToSettle { get; init; } = 3;

    /// <summary>Purchases in expansion after which it ends even if each brought a new category. Higher suits shops with many narrow categories.</summary>
    [Range(1, 200)]
    public int LongestExpansion { get; init; } = 8;

    /// <summary>A silent customer is dormant once P(alive) is below this. Higher wins back earlier, and more who would have come anyway.</summary>
    [Range(0.01, 0.99)]
    public double AliveThreshold { get; init; } = 0.5;

    /// <summary>Nobody is dormant before this many of their own mean intervals of silence. Higher is more patient with the regular.</summary>
    [Range(1.0, 20.0)]
    public double PatientIntervals { get; init; } = 2;

    /// <summary>
    /// Dormant is also who is silent longer than a customer of this rhythm has this chance to be, even where the shop's customers hardly ever
    /// leave for good and P(alive) stays high. Higher is stricter.
    /// </summary>
    [Range(0.0001, 0.5)]
    public double UnlikelySilence { get; init; } = 0.02;

    /// <summary>
    /// Who bought once has no rhythm yet and is dormant when expected to buy this part as often as a new customer. Higher gives up earlier.
    /// </summary>
    [Range(0.01, 0.99)]
    public double SingleBuyerRate { get; init; } = 0.25;

    /// <summary>These options, if every value is in its range.</summary>
    /// <exception cref="ValidationException">Names the value and its range.</exception>
    public LifeCycleOptions Validated()
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        return this;
    }
}
