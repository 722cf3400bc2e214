using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Tuning;

/// <summary>
/// What trainings cost beside one another, in arithmetic operations: figures that depend on the data and the recipe alone, so that a
/// decision between two recipes is the same on every machine.
/// </summary>
internal static class TrainingWork
{
    /// <summary>Of a factorization: both half-steps of all sweeps (Gramian, right-hand sides, conjugate-gradient steps).</summary>
    public static double Of(InteractionMatrix matrix, FactorizationOptions options)
    {
        double d = options.Factors, rows = matrix.RowCount + matrix.ColumnCount, steps = options.ConjugateGradientSteps + 1;
        return options.Sweeps * (steps * (2 * matrix.Count * 4 * d + rows * 2 * d * d) + rows * 2 * d * d);
    }

    /// <summary>Whether one recipe costs less than another, to train or, where that is equal, to serve.</summary>
    public static bool IsLess(InteractionMatrix matrix, Recipe one, Recipe other) => Key(matrix, one).CompareTo(Key(matrix, other)) < 0;

    // The parts' fits cannot be weighed against a factorization's; fewer parts, then fewer neighbours, are less in any case.
    private static (int Parts, double Factorization, int Neighbours) Key(InteractionMatrix matrix, Recipe recipe) =>
        (recipe.Similarities.Length, Of(matrix, recipe.Factorization), recipe.Similarities.Sum(part => part.Neighbours));
}
