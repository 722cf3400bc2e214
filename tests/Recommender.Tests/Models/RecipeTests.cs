using System.Text;
using Recommender.Models;

namespace Recommender.Tests.Models;

public sealed class RecipeTests
{
    private static string Folder => Path.Combine(Repository.Root, "models", "recipes");

    [Theory]
    [InlineData("""{ "factorization": { "factor": 64 } }""", "'factorization.factor'; did you mean \"factors\"?")]
    [InlineData("""{ "factorisation": { } }""", "'factorisation'; did you mean \"factorization\"?")]
    [InlineData("""{ "zebra": 1 }""", "Unknown key 'zebra'")]
    [InlineData("""{ "factorization": { "factors": 0 } }""", "Factors")]
    [InlineData("""{ "factorization": { "factors": 100000 } }""", "100000")]
    [InlineData("""{ "factorization": { "factors": "many" } }""", "factors")]
    [InlineData("""{ "factorization": { "regularisation": -1 } }""", "Regularisation")]
    [InlineData("""{ "similarities": [{ "kind": "random_walk", "neighbours": 0 }] }""", "Neighbours")]
    [InlineData("""{ "similarities": [{ "neighbours": 10 }] }""", "'similarities[0].kind' is missing")]
    [InlineData("""{ "similarities": [{ "kind": "random_wolk" }] }""", "did you mean \"random_walk\"?")]
    [InlineData("""{ "similarities": [{ "kind": "random_walk" }, { "kind": "random_walk", "betta": 1 }] }""", "'similarities[1].betta'; did you mean \"beta\"?")]
    [InlineData("""{ "similarities": [{ "kind": "foo" }] }""", "'similarities[0].kind' is \"foo\". Known are \"random_walk\"")]
    [InlineData("""{ "similarities": null }""", "'similarities' is null; leave it out or give a list, [...].")]
    [InlineData("""{ "factorization": { "factors": null } }""", "'factorization.factors' is null; leave it out or give a number.")]
    [InlineData("""{ "similarities": [null] }""", "similarities")]
    [InlineData("""{ "prior": { "evidence": 0 } }""", "Evidence")]
    [InlineData("""{ "confidence": { "weights": { "view": -1 } } }""", "'view'")]
    [InlineData("""{ "confidence": { "known_types": ["view"] } }""", "Unknown key 'confidence.known_types'")]
    [InlineData("""{ "confidence": null }""", "'confidence' is null; leave it out or give an object, {...}.")]
    [InlineData("null", "null")]
    [InlineData("[]", "recipe")]
    [InlineData("{", "recipe")]
    [InlineData("", "recipe")]
    public void A_recipe_that_cannot_be_used_is_refused_with_the_key_or_value(string json, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidRecipeException>(() => Recipe.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_recipe_leaves_out_has_its_default()
    {
        var recipe = Recipe.Parse("""
            // A comment is welcome.
            { "factorization": { "factors": 32 }, "confidence": { "weights": { "view": 0.1 } }, }
            """u8.ToArray());
        Assert.Equal(new Recipe().Factorization with { Factors = 32 }, recipe.Factorization);
        Assert.Equal((0.1, 1), (recipe.Confidence.Weights["view"], recipe.Confidence.Weights["purchase"]));
    }

    [Fact]
    public void A_recipe_survives_its_own_JSON()
    {
        var recipe = new Recipe { Prior = new Recommender.Scoring.PriorOptions { Strength = 0.123 } };
        Assert.Equal(recipe, Recipe.Parse(Encoding.UTF8.GetBytes(recipe.ToJson())));
    }

    [Fact]
    public void The_JSON_of_a_recipe_holds_nothing_that_only_follows_from_it() =>
        Assert.DoesNotContain("known_types", new Recipe().ToJson(), StringComparison.Ordinal);

    [Fact]
    public void The_default_recipe_in_the_repository_says_what_the_code_does()
    {
        Assert.Equal(new Recipe(), Recipe.Parse(File.ReadAllBytes(Path.Combine(Folder, "default.json"))));
    }

    public static TheoryData<string> InTheRepository =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(InTheRepository))]
    public void Every_recipe_in_the_repository_can_be_used_and_all_but_the_default_change_something(string file) =>
        Assert.Equal(file == "default.json", new Recipe().Equals(Recipe.Parse(File.ReadAllBytes(Path.Combine(Folder, file)))));
}
