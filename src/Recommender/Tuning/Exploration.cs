using System.Collections.Immutable;
using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>
/// Looks all over the ranges of one part's settings: points spread evenly are measured coarsely, the best third of them again more closely
/// (one bracket of successive halving; Li et al. 2018). The other parts stay as they are.
/// </summary>
internal static class Exploration
{
    private const int MostPoints = 18;

    /// <param name="part">-1 for the factorization.</param>
    /// <param name="shift">Another one spreads the points in another way.</param>
    /// <param name="until">Part of the budget that may be spent when it ends.</param>
    public static void Run(Trials trials, TuningBudget budget, int part, int shift, double until, CancellationToken cancellation)
    {
        ImmutableArray<Setting> settings = Setting.All(trials.Best.Recipe, part);
        if (settings.IsEmpty) return;
        var coarse = new List<Trial>();
        Recipe start = trials.Best.Recipe;
        double begun = budget.Spent, halfway = begun + (until - begun) * 0.65;
        for (int point = 0; point < MostPoints && budget.Allows(halfway, trials.Forecast(start, Fidelity.Coarse)); point++)
        {
            Recipe recipe = start;
            for (int axis = 0; axis < settings.Length; axis++) recipe = settings[axis].At(Spread(point + shift, axis), recipe);
            Trial trial = trials.Run(What(recipe), recipe, Fidelity.Coarse, cancellation);
            if (trial.Skipped is null) coarse.Add(trial);
        }
        foreach (Trial candidate in coarse.OrderByDescending(trial => trial.Figure).Take(Math.Max(1, coarse.Count / 3)).ToArray())
        {
            if (!budget.Allows(until, trials.Forecast(candidate.Recipe, Fidelity.Fine))) break;
            Trial closer = trials.Run(What(candidate.Recipe), candidate.Recipe, Fidelity.Fine, cancellation);
            if (closer.Skipped is null && closer.Figure > trials.Best.Figure) trials.Best = closer;
        }

        string What(Recipe recipe) => $"{settings[0].Of}: {string.Join(", ", settings.Select(setting => setting.In(recipe)))}";
    }

    // A Kronecker sequence: as even as random points are not, and the same every time. Its generators are the fractional parts of square roots of primes.
    private static double Spread(int point, int axis)
    {
        ReadOnlySpan<double> primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29];
        double position = 0.5 + (point + 1) * Math.Sqrt(primes[axis % primes.Length]);
        return position - Math.Floor(position);
    }
}
