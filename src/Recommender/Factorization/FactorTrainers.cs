using System.Collections.Concurrent;
using Recommender.Interactions;
using Recommender.MlNet;
using Recommender.Models;

namespace Recommender.Factorization;

/// <summary>
/// Fits the vectors of rows and columns, one after the other and each as long as <see cref="FactorizationOptions.Factors"/>. A vector that is
/// not a number stands for nobody knows what, and counts as zero.
/// </summary>
/// <param name="interactions">Customers x items.</param>
/// <param name="options">What a recipe says.</param>
/// <param name="threads">Cores to use.</param>
/// <param name="cancellation">Looked at wherever the trainer can stop.</param>
public delegate (float[] Customers, float[] Items) FactorTrainer(InteractionMatrix interactions, FactorizationOptions options, int threads,
    CancellationToken cancellation);

/// <summary>
/// The trainers that a recipe may name beside our own. The default build has none; one that is compiled in registers itself when the process
/// starts.
/// </summary>
public static class FactorTrainers
{
    /// <summary>Our own, which is always there.</summary>
    public const string Als = "als";

    private static readonly ConcurrentDictionary<string, FactorTrainer> _others = new(StringComparer.Ordinal);

    /// <param name="name">As recipes write it.</param>
    /// <param name="trainer">Called from any thread.</param>
    public static void Register(string name, FactorTrainer trainer) => _others[name] = trainer;

    /// <exception cref="InvalidRecipeException">This build has no trainer of that name; says which it has and what to do.</exception>
    public static void RequireKnown(string name)
    {
        if (name != Als && !_others.ContainsKey(name))
        {
            throw new InvalidRecipeException($"'factorization.trainer' is \"{name}\"; this build knows {string.Join(", ", _others.Keys.Append(Als).Order(StringComparer.Ordinal).Select(known => $"\"{known}\""))}. "
                + "A build with -p:PublishedPackages=true also has \"mlnet_one_class\" and \"mlnet_regression\".");
        }
    }

    /// <summary>Factors of customers and items by a trainer that is not our own, at the scale of ours.</summary>
    internal static (FactorMatrix Customers, FactorMatrix Items) Fit(InteractionMatrix interactions, FactorizationOptions options, int threads,
        CancellationToken cancellation)
    {
        (float[] customers, float[] items) = _others[options.Trainer](interactions, options, threads, cancellation);
        cancellation.ThrowIfCancellationRequested();
        (FactorMatrix ofCustomers, FactorMatrix ofItems) = (Matrix(customers, interactions.RowCount, options.Factors), Matrix(items, interactions.ColumnCount, options.Factors));
        FactorScale.Fit(ofCustomers, ofItems, interactions, options);
        return (ofCustomers, ofItems);
    }

    private static FactorMatrix Matrix(float[] values, int rows, int factors)
    {
        if (values.Length != (long)rows * factors) throw new InvalidOperationException($"A trainer made {values.Length} factors for {rows} rows of {factors}.");
        var matrix = new FactorMatrix(rows, factors);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> vector = values.AsSpan(row * factors, factors);
            if (System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(vector)) vector.CopyTo(matrix.MutableRow(row));
        }
        return matrix;
    }
}
