using System.ComponentModel.DataAnnotations;
using Recommender.Interactions;

namespace Recommender.Tests.Interactions;

public sealed class ConfidenceOptionsTests
{
    public static TheoryData<ConfidenceOptions, string> Impossible => new()
    {
        { new ConfidenceOptions { Weights = Weight("purchase", double.NaN) }, "purchase" },
        { new ConfidenceOptions { Weights = Weight("view", -1) }, "view" },
        { new ConfidenceOptions { Weights = Weight("hide", 1) }, "hide" },
        { new ConfidenceOptions { Weights = Weight("undo", 1) }, "undo" },
        { new ConfidenceOptions { HalfLifeDays = -1 }, nameof(ConfidenceOptions.HalfLifeDays) },
        { new ConfidenceOptions { HalfLifeDays = double.NaN }, nameof(ConfidenceOptions.HalfLifeDays) },
        { new ConfidenceOptions { QuantityLimit = 0 }, nameof(ConfidenceOptions.QuantityLimit) },
        { new ConfidenceOptions { PositiveRating = 2, NegativeRating = 3 }, "negative_rating" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Options_that_make_no_sense_are_refused_by_name(ConfidenceOptions options, string name) =>
        Assert.Contains(name, Assert.Throws<ValidationException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void The_defaults_are_valid_and_a_weight_that_is_given_leaves_the_others()
    {
        var options = new ConfidenceOptions { Weights = Weight("view", 0.05) };
        options.Validate();
        Assert.Equal((0.05, 1), (options.Weights["view"], options.Weights["purchase"]));
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, double> Weight(string type, double weight) =>
        System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty.Add(type, weight);
}
