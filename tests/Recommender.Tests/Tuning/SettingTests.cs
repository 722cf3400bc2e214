using System.Reflection;
using System.Text.Json.Serialization;
using Recommender.Models;
using Recommender.Similarity;
using Recommender.Tests.Models;
using Recommender.Tuning;

namespace Recommender.Tests.Tuning;

public sealed class SettingTests
{
    public static TheoryData<string> Kinds =>
        [.. typeof(SimilarityOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_value_that_tuning_tries_is_one_that_a_recipe_may_have(string kind)
    {
        Recipe recipe = Recipe.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{ "similarities": [{ "kind": "{{kind}}" }] }"""));
        Setting[] settings = [.. Setting.All(recipe, Setting.Factorization), .. Setting.All(recipe, 0)];
        Assert.Contains(settings, setting => setting.Part == 0);
        foreach (Setting setting in settings)
        {
            Assert.InRange(setting.PositionIn(recipe), 0, 1);
            foreach (double position in (double[])[0, 0.37, 1]) Assert.Equal(position, setting.PositionIn(setting.At(position, recipe)), 0.02);
        }
    }

    [Fact]
    public void A_value_outside_of_the_range_has_a_position_outside_of_it()
    {
        Recipe far = SmallShop.Recipe() with { Factorization = SmallShop.Recipe().Factorization with { Regularisation = 50 } };
        Assert.True(Setting.All(far, Setting.Factorization).Single(setting => setting.Key == "regularisation").PositionIn(far) > 1);
    }

    [Theory]
    [InlineData("ndcg@20", "ndcg", 20)]
    [InlineData("recall@5", "recall", 5)]
    public void An_objective_is_a_metric_and_a_length(string text, string metric, int cutoff) =>
        Assert.Equal(new Objective(metric, cutoff), Objective.Parse(text));

    [Theory]
    [InlineData("ndgc@20", "did you mean \"ndcg\"?")]
    [InlineData("ndcg", "@N")]
    [InlineData("ndcg@0", "from 1")]
    [InlineData("", "@N")]
    public void An_objective_that_is_none_is_refused(string text, string said) =>
        Assert.Contains(said, Assert.Throws<TuningException>(() => Objective.Parse(text)).Message, StringComparison.Ordinal);
}
