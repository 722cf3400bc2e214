using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>
/// The best weights for parts that are fitted: one weight after the other is moved up and down, in steps that become smaller, as long as
/// that helps. Costs no training and, over <see cref="BlendColumns"/>, no ranking.
/// </summary>
internal static class BlendSearch
{
    private const double FirstStep = 2;
    private const double LastStep = 1.1;
    private const double Heaviest = 10;
    private const double MostEvidence = 1000;

    // Weights that were 0 are tried from here: that is where a part begins to be felt.
    private const double FirstWeight = 0.2;

    public static (Recipe Recipe, double[] Values) Best(BlendColumns columns, Recipe recipe, Objective objective, int threads, CancellationToken cancellation)
    {
        (Recipe Recipe, double[] Values, double Mean) best = Measured(recipe);
        for (double step = FirstStep; step > LastStep;)
        {
            bool improved = false;
            for (int dial = 0; dial <= recipe.Similarities.Length && recipe.Similarities.Length > 0; dial++)
            {
                foreach (Recipe moved in Moves(best.Recipe, dial, step))
                {
                    var tried = Measured(moved);
                    if (tried.Mean <= best.Mean) continue;
                    (best, improved) = (tried, true);
                    break;
                }
            }
            if (!improved) step = Math.Sqrt(step);
        }
        return (best.Recipe, best.Values);

        (Recipe Recipe, double[] Values, double Mean) Measured(Recipe blend)
        {
            double[] values = columns.Measure(blend, objective, threads, cancellation);
            return (blend, values, values.Average());
        }
    }

    // Dial k is the weight of part k; the last one is the history of which neighbours have half of their weight.
    private static IEnumerable<Recipe> Moves(Recipe recipe, int dial, double step)
    {
        bool isEvidence = dial == recipe.Similarities.Length;
        double at = isEvidence ? recipe.Blend.Evidence : recipe.Similarities[dial].Weight;
        double[] values = at == 0 ? [isEvidence ? 1 : FirstWeight, isEvidence ? 10 : FirstWeight * FirstStep * FirstStep]
            : step == FirstStep ? [at * step, at / step, 0] : [at * step, at / step];
        foreach (double value in values)
        {
            double rounded = Setting.Rounded(Math.Min(value, isEvidence ? MostEvidence : Heaviest));
            if (rounded == at) continue;
            yield return isEvidence ? recipe with { Blend = recipe.Blend with { Evidence = rounded } }
                : recipe with { Similarities = recipe.Similarities.SetItem(dial, recipe.Similarities[dial] with { Weight = rounded }) };
        }
    }
}
