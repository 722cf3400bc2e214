using Recommender.Models;
using Recommender.Similarity;

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

    private const double LastFading = 10_000;

    // What was 0 is tried from here: that is where it begins to be felt.
    private const double FirstWeight = 0.2;
    private const double FirstFading = 5;
    private const double FirstEvidence = 2.5;

    public static (Recipe Recipe, double[] Values) Best(BlendColumns columns, Recipe recipe, Objective objective, int threads, CancellationToken cancellation)
    {
        (Recipe Recipe, double[] Values, double Mean) best = Measured(recipe);
        for (double step = FirstStep; step > LastStep;)
        {
            bool improved = false;
            for (int dial = 0; dial <= 2 * recipe.Similarities.Length && !recipe.Similarities.IsEmpty; dial++)
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

    // Each part has two dials, its weight and the history at which it fades; the last one is the history of which neighbours have half of their weight.
    private static IEnumerable<Recipe> Moves(Recipe recipe, int dial, double step)
    {
        int part = dial / 2;
        if (part == recipe.Similarities.Length)
        {
            return Values(recipe.Blend.Evidence, step, from: FirstEvidence, MostEvidence)
                .Select(value => recipe with { Blend = recipe.Blend with { Evidence = value } });
        }
        SimilarityOptions options = recipe.Similarities[part];
        // Without weight there is nothing that could fade.
        IEnumerable<SimilarityOptions> moved = dial % 2 == 0
            ? Values(options.Weight, step, from: FirstWeight, Heaviest).Select(value => options with { Weight = value })
            : options.Weight == 0 ? [] : Values(options.FadesAt, step, from: FirstFading, LastFading).Select(value => options with { FadesAt = value });
        return moved.Select(one => recipe with { Similarities = recipe.Similarities.SetItem(part, one) });
    }

    private static IEnumerable<double> Values(double at, double step, double from, double most)
    {
        double[] values = at == 0 ? [from, from * FirstStep * FirstStep] : step == FirstStep ? [at * step, at / step, 0] : [at * step, at / step];
        return values.Select(value => Setting.Rounded(Math.Min(value, most))).Where(value => value != at);
    }
}
