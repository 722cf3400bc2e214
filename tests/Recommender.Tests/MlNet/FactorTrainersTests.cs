using System.Text;
using Recommender.Factorization;
using Recommender.Models;
using Recommender.Tests.Models;

namespace Recommender.Tests.MlNet;

public sealed class FactorTrainersTests
{
    [Fact]
    public void A_recipe_with_an_unknown_trainer_is_refused_with_those_there_are_and_the_build_that_has_the_others()
    {
        Recipe recipe = Recipe.Parse(Encoding.UTF8.GetBytes("""{ "factorization": { "trainer": "mlnet_two_class" } }"""));
        string message = Assert.Throws<InvalidRecipeException>(() => SmallShop.Train(SmallShop.Kinds(2, 4, 4), recipe)).Message;
        Assert.Contains("\"mlnet_two_class\"", message, StringComparison.Ordinal);
        Assert.Contains("\"als\"", message, StringComparison.Ordinal);
        Assert.Contains("PublishedPackages=true", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_a_trainer_that_this_build_lacks_still_serves()
    {
        TrainedModel model = SmallShop.Train(SmallShop.Kinds(2, 4, 4), SmallShop.Recipe(factors: 2));
        ModelCard elsewhere = model.Card with
        {
            Recipe = model.Card.Recipe with { Factorization = model.Card.Recipe.Factorization with { Trainer = "nobody_has_it" } },
        };
        Assert.Equal("nobody_has_it", ModelCard.Parse(Encoding.UTF8.GetBytes(elsewhere.ToJson())).Recipe.Factorization.Trainer);
    }

    [Fact]
    public void A_trainer_that_registers_itself_makes_the_factors_of_a_recipe_that_names_it()
    {
        // Customers and items of a kind meet in its factor; what was never seen is no number.
        FactorTrainers.Register("by_kind", (interactions, options, _, _) => (
            Values(interactions.RowCount, options.Factors, customer => customer % 2),
            Values(interactions.ColumnCount, options.Factors, item => item / 4)));
        Recipe recipe = SmallShop.Recipe(factors: 2);
        TrainedModel model = SmallShop.Train(SmallShop.Kinds(2, 4, 4), recipe with { Factorization = recipe.Factorization with { Trainer = "by_kind" } });
        Assert.True(Dot(model, 0, 0) > 0.5);
        Assert.Equal(0, Dot(model, 0, 7), 1e-6);
        Assert.Equal(0, Dot(model, 1, 0), 1e-6);

        // The last customer and the last item have none.
        static float[] Values(int rows, int factors, Func<int, int> kind) =>
            [.. Enumerable.Range(0, rows * factors).Select(at => at / factors == rows - 1 ? float.NaN : kind(at / factors) == at % factors ? 1f : 0)];
        static float Dot(TrainedModel model, int customer, int item)
        {
            float sum = 0;
            for (int factor = 0; factor < 2; factor++) sum += model.Customers!.Factors.Row(customer)[factor] * model.ItemFactors.Row(item)[factor];
            return sum;
        }
    }
}
