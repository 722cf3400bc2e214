using System.ComponentModel.DataAnnotations;

namespace Recommender.Relationship;

/// <summary>What makes a customer count as satisfied and a relationship as close. Weights count against each other; a part with weight 0 is not asked.</summary>
public sealed record IndicatorOptions
{
    /// <summary>Days after which an answer, rating, return or complaint says half as much. Shorter forgives sooner.</summary>
    [Range(1.0, 3650.0)]
    public double SatisfactionHalfLifeDays { get; init; } = 180;

    /// <summary>Days after which a visit or a reaction says half as much. Shorter asks for more frequent contact.</summary>
    [Range(1.0, 3650.0)]
    public double IntensityHalfLifeDays { get; init; } = 90;

    /// <summary>What answers to questions of satisfaction count for.</summary>
    [Range(0.0, 100.0)]
    public double AnswerWeight { get; init; } = 4;

    /// <summary>What stars given to items and in reviews count for.</summary>
    [Range(0.0, 100.0)]
    public double RatingWeight { get; init; } = 2;

    /// <summary>What the part of purchases that came back counts for.</summary>
    [Range(0.0, 100.0)]
    public double ReturnWeight { get; init; } = 1;

    /// <summary>What complaints count for.</summary>
    [Range(0.0, 100.0)]
    public double ComplaintWeight { get; init; } = 3;

    /// <summary>What is left of the value of the part after one fresh complaint. Lower takes complaints harder.</summary>
    [Range(0.0, 1.0)]
    public double LeftByComplaint { get; init; } = 0.25;

    /// <summary>What it counts for that something happened lately.</summary>
    [Range(0.0, 100.0)]
    public double RecencyWeight { get; init; } = 3;

    /// <summary>Days of silence that halve recency, for customers whose own rhythm is not slower. Longer is more patient.</summary>
    [Range(1.0, 3650.0)]
    public double RecencyHalfLifeDays { get; init; } = 30;

    /// <summary>What it counts for that something happens often.</summary>
    [Range(0.0, 100.0)]
    public double FrequencyWeight { get; init; } = 3;

    /// <summary>Active days, faded by age, that make half of frequency. Higher asks for more.</summary>
    [Range(0.1, 1000.0)]
    public double HalfOfFrequency { get; init; } = 4;

    /// <summary>What the number of categories and channels counts for.</summary>
    [Range(0.0, 100.0)]
    public double BreadthWeight { get; init; } = 2;

    /// <summary>Categories and channels together that make half of breadth. Higher asks for more.</summary>
    [Range(0.1, 1000.0)]
    public double HalfOfBreadth { get; init; } = 4;

    /// <summary>What reacting to us counts for: answered contacts, answers, ratings, recommendations followed.</summary>
    [Range(0.0, 100.0)]
    public double ReciprocityWeight { get; init; } = 2;

    /// <summary>These options, if every value is in its range.</summary>
    /// <exception cref="ValidationException">Names the value and its range.</exception>
    public IndicatorOptions Validated()
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        return this;
    }
}
