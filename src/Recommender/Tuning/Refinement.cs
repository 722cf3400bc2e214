using System.Collections.Immutable;
using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>
/// Moves one setting after the other up and down, in steps that become smaller, as long as that helps (a pattern search; Hooke, Jeeves
/// 1961). The blend follows each move by itself.
/// </summary>
internal static class Refinement
{
    private const double LastStep = 0.02;

    /// <param name="step">Of the range, to begin with.</param>
    /// <param name="until">Part of the budget that may be spent when it ends.</param>
    public static void Run(Trials trials, TuningBudget budget, Fidelity fidelity, double step, double until, CancellationToken cancellation)
    {
        ImmutableArray<Setting> settings =
            [.. Enumerable.Range(-1, trials.Best.Recipe.Similarities.Length + 1).SelectMany(part => Setting.All(trials.Best.Recipe, part))];
        // Up or down, as it went well last time.
        int[] direction = [.. settings.Select(_ => 1)];
        for (; step >= LastStep; step /= 2)
        {
            for (bool improved = true; improved;)
            {
                improved = false;
                for (int k = 0; k < settings.Length; k++)
                {
                    foreach (int sign in (int[])[direction[k], -direction[k]])
                    {
                        if (Moved(settings[k], trials.Best.Recipe, sign * step) is not { } recipe) continue;
                        if (!budget.Allows(until, trials.Forecast(recipe, fidelity))) return;
                        Trial trial = trials.Run($"{settings[k].Of}: {settings[k].In(recipe)}", recipe, fidelity, cancellation);
                        if (trial.Skipped is not null || !(trial.Figure > trials.Best.Figure)) continue;
                        (trials.Best, direction[k], improved) = (trial, sign, true);
                        break;
                    }
                }
            }
        }
    }

    private static Recipe? Moved(Setting setting, Recipe recipe, double by)
    {
        double at = setting.PositionIn(recipe), to = Math.Clamp(at + by, Math.Min(0, at), Math.Max(1, at));
        Recipe moved = setting.At(to, recipe);
        return moved == recipe ? null : moved;
    }
}
