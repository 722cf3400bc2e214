using System.Runtime.Intrinsics;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Threading;

namespace Recommender.ColdStart;

/// <summary>
/// Ridge regression from features to factors: W minimises <c>sum_i c_i |h_i - m - W'x_i|^2 + l |W|^2</c>, m the weighted mean of the h.
/// Solved by conjugate gradients with the diagonal as preconditioner, eight columns of W at a time, so that the result has the same bytes
/// at any number of threads. Memory: five columns a thread, and W.
/// </summary>
internal static class AttributeRidge
{
    private const int Lanes = 8;
    private const int MostSteps = 60;

    // Of the squared residual: far below what the noise of the factors is worth.
    private const float Converged = 1e-6f;

    /// <summary>What each feature adds to the factors of an item that has it, features x columns, and the mean of all.</summary>
    /// <param name="features">Items x features.</param>
    /// <param name="trust">c: how much each item's factors are to be believed; 0 leaves it out.</param>
    /// <param name="targets">h: items x columns.</param>
    /// <param name="regularisation">l.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="cancellation">Stops within one step of one block.</param>
    public static (FactorMatrix Weights, float[] Mean) Fit(InteractionMatrix features, float[] trust, FactorMatrix targets, double regularisation,
        int threads, CancellationToken cancellation)
    {
        float[] mean = MeanOf(trust, targets);
        InteractionMatrix itemsOf = features.Transpose();
        float[] diagonal = DiagonalOf(itemsOf, trust, regularisation);
        var weights = new FactorMatrix(features.ColumnCount, targets.Factors);
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, (targets.Factors + Lanes - 1) / Lanes, parallel, block =>
        {
            int first = block * Lanes, count = Math.Min(Lanes, targets.Factors - first);
            var solver = new Solver(features, itemsOf, trust, diagonal, (float)regularisation);
            for (int item = 0; item < features.RowCount; item++)
            {
                for (int lane = 0; lane < count; lane++)
                    solver.OfItem[item] =
                        solver.OfItem[item].WithElement(lane, trust[item] * (targets.Row(item)[first + lane] - mean[first + lane]));
            }
            Vector256<float>[] solution = solver.Solve(cancellation);
            for (int feature = 0; feature < solution.Length; feature++)
            {
                for (int lane = 0; lane < count; lane++) weights.MutableRow(feature)[first + lane] = solution[feature].GetElement(lane);
            }
        });
        return (weights, mean);
    }

    private static float[] MeanOf(float[] trust, FactorMatrix targets)
    {
        var sums = new double[targets.Factors];
        double total = 0;
        for (int item = 0; item < targets.Rows; item++)
        {
            ReadOnlySpan<float> row = targets.Row(item);
            for (int column = 0; column < row.Length; column++) sums[column] += trust[item] * row[column];
            total += trust[item];
        }
        return Array.ConvertAll(sums, sum => total > 0 ? (float)(sum / total) : 0);
    }

    private static float[] DiagonalOf(InteractionMatrix itemsOf, float[] trust, double regularisation)
    {
        var diagonal = new float[itemsOf.RowCount];
        for (int feature = 0; feature < diagonal.Length; feature++)
        {
            InteractionRow items = itemsOf.Row(feature);
            double sum = regularisation;
            for (int k = 0; k < items.Length; k++) sum += trust[items.Columns[k]] * items.Confidence(k) * items.Confidence(k);
            diagonal[feature] = (float)sum;
        }
        return diagonal;
    }

    /// <summary>Eight systems with one matrix, a lane each.</summary>
    private sealed class Solver(InteractionMatrix features, InteractionMatrix itemsOf, float[] trust, float[] diagonal, float regularisation)
    {
        /// <summary>Holds what is on the items' side; at the start c (h - m).</summary>
        public Vector256<float>[] OfItem { get; } = new Vector256<float>[features.RowCount];

        public Vector256<float>[] Solve(CancellationToken cancellation)
        {
            int count = features.ColumnCount;
            var solution = new Vector256<float>[count];
            var residual = new Vector256<float>[count];
            var direction = new Vector256<float>[count];
            var product = new Vector256<float>[count];
            ToFeatures(residual);
            Vector256<float> length = Vector256<float>.Zero;
            for (int k = 0; k < count; k++)
            {
                direction[k] = residual[k] / diagonal[k];
                length += residual[k] * direction[k];
            }
            Vector256<float> enough = length * Converged;
            for (int step = 0; step < MostSteps && Vector256.GreaterThanAny(length, enough); step++)
            {
                cancellation.ThrowIfCancellationRequested();
                ToItems(direction);
                ToFeatures(product);
                Vector256<float> curvature = Vector256<float>.Zero;
                for (int k = 0; k < count; k++)
                {
                    product[k] += direction[k] * regularisation;
                    curvature += direction[k] * product[k];
                }
                // A lane that is solved, or has nothing to solve, stands still.
                Vector256<float> at =
                    Vector256.ConditionalSelect(Vector256.GreaterThan(curvature, Vector256<float>.Zero), length / curvature,
                        Vector256<float>.Zero);
                Vector256<float> before = length;
                length = Vector256<float>.Zero;
                for (int k = 0; k < count; k++)
                {
                    solution[k] += direction[k] * at;
                    residual[k] -= product[k] * at;
                    length += residual[k] * residual[k] / diagonal[k];
                }
                Vector256<float> turn =
                    Vector256.ConditionalSelect(Vector256.GreaterThan(before, Vector256<float>.Zero), length / before,
                        Vector256<float>.Zero);
                for (int k = 0; k < count; k++) direction[k] = residual[k] / diagonal[k] + direction[k] * turn;
            }
            return solution;
        }

        // C X direction.
        private void ToItems(Vector256<float>[] direction)
        {
            for (int item = 0; item < OfItem.Length; item++)
            {
                InteractionRow row = features.Row(item);
                Vector256<float> sum = Vector256<float>.Zero;
                for (int k = 0; k < row.Length; k++) sum += direction[row.Columns[k]] * row.Confidence(k);
                OfItem[item] = sum * trust[item];
            }
        }

        // X' of what is on the items' side.
        private void ToFeatures(Vector256<float>[] result)
        {
            for (int feature = 0; feature < result.Length; feature++)
            {
                InteractionRow row = itemsOf.Row(feature);
                Vector256<float> sum = Vector256<float>.Zero;
                for (int k = 0; k < row.Length; k++) sum += OfItem[row.Columns[k]] * row.Confidence(k);
                result[feature] = sum;
            }
        }
    }
}
