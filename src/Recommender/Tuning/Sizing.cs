using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>
/// Decides what costs: parts of a blend and numbers of factors. More must be better beyond the paired interval; less is taken where that loses
/// nothing that could be told from chance (a part) or nothing at all (factors).
/// </summary>
internal static class Sizing
{
    private const int Step = 32;

    /// <summary>Leaves parts out, one at a time, as long as that loses nothing that can be told from chance.</summary>
    public static void WithoutIdleParts(Trials trials, TuningBudget budget, Fidelity fidelity, double until, CancellationToken cancellation)
    {
        for (int part = trials.Best.Recipe.Similarities.Length - 1; part >= 0; part--)
        {
            Recipe without = trials.Best.Recipe with { Similarities = trials.Best.Recipe.Similarities.RemoveAt(part) };
            bool isSilent = trials.Best.Recipe.Similarities[part].Weight == 0;
            if (!isSilent && !budget.Allows(until, trials.Forecast(without, fidelity))) break;
            Trial trial = trials.Run($"without similarities[{part}]", without, fidelity, cancellation);
            if (trial.Skipped is null && (isSilent || trials.Gain(trials.Best, trial).Low <= 0)) trials.Best = trial;
        }
    }

    /// <summary>Half as many factors more, again and again, while that is better; else half as many less, if that is better too.</summary>
    public static void Factors(Trials trials, TuningBudget budget, int most, double until, CancellationToken cancellation)
    {
        Trial Try(int factors) => trials.Run($"factorization: factors {factors}",
            trials.Best.Recipe with { Factorization = trials.Best.Recipe.Factorization with { Factors = factors } }, Fidelity.Full, cancellation);
        bool grown = false;
        while (Greater(trials.Best.Recipe) is var factors && factors <= most && Allowed(factors))
        {
            Trial trial = Try(factors);
            if (trial.Skipped is not null || trials.Gain(trial, trials.Best).Low <= 0) break;
            (trials.Best, grown) = (trial, true);
        }
        while (!grown && Smaller(trials.Best.Recipe) is var factors && factors >= 1 && factors < trials.Best.Recipe.Factorization.Factors && Allowed(factors))
        {
            Trial trial = Try(factors);
            if (trial.Skipped is not null || trial.Figure < trials.Best.Figure) break;
            trials.Best = trial;
        }

        bool Allowed(int factors) => budget.Allows(until,
            trials.Forecast(trials.Best.Recipe with { Factorization = trials.Best.Recipe.Factorization with { Factors = factors } }, Fidelity.Full));
    }

    // Vectors take memory and time in steps of 32 floats: what lies between costs as much and gives less.
    private static int Greater(Recipe recipe) => (recipe.Factorization.Factors * 3 / 2 + Step - 1) / Step * Step;

    private static int Smaller(Recipe recipe) => recipe.Factorization.Factors * 2 / 3 is var smaller && smaller >= Step ? smaller / Step * Step : smaller;
}
