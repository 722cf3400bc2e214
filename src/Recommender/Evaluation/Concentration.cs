using System.Collections.Immutable;

namespace Recommender.Evaluation;

/// <summary>How evenly the places in all lists fall on the catalogue.</summary>
public static class Concentration
{
    /// <summary>Part of the items that stood in some list, 0 to 1.</summary>
    public static double Coverage(IReadOnlyCollection<int> exposures) =>
        exposures.Count == 0 ? 0 : exposures.Count(count => count > 0) / (double)exposures.Count;

    /// <summary>0 where every item is shown equally often, towards 1 where few items have all the places (Gini 1912).</summary>
    public static double Gini(IEnumerable<int> exposures)
    {
        int[] sorted = [.. exposures.Order()];
        double total = 0, weighted = 0;
        for (int k = 0; k < sorted.Length; k++)
        {
            total += sorted[k];
            weighted += (k + 1.0) * sorted[k];
        }
        return total == 0 ? 0 : (2 * weighted / total - (sorted.Length + 1)) / sorted.Length;
    }

    /// <summary>
    /// Part of the places that the least shown items have, at equal steps from none to all of the items (Lorenz 1905).
    /// </summary>
    /// <param name="exposures">How often each item was shown.</param>
    /// <param name="steps">One fewer than there are points.</param>
    public static ImmutableArray<double> Lorenz(IEnumerable<int> exposures, int steps)
    {
        int[] sorted = [.. exposures.Order()];
        var upTo = new double[sorted.Length + 1];
        for (int k = 0; k < sorted.Length; k++) upTo[k + 1] = upTo[k] + sorted[k];
        double total = Math.Max(1, upTo[^1]);
        return [.. Enumerable.Range(0, steps + 1).Select(step => upTo[(int)Math.Round((double)step * sorted.Length / steps)] / total)];
    }
}
