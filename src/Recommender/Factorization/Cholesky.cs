using System.Numerics.Tensors;

namespace Recommender.Factorization;

/// <summary>
/// Solves small symmetric positive definite systems in place, without allocating. A matrix is its upper triangle in the rows of a
/// <see cref="FactorMatrix"/>; what is below the diagonal is undefined, what is right of the matrix must be finite.
/// </summary>
internal static unsafe class Cholesky
{
    /// <summary>Replaces the upper triangle by U with U' U = matrix.</summary>
    /// <param name="matrix">Its first rows and columns.</param>
    /// <param name="size">How many of them.</param>
    /// <param name="stride">Floats a row; only this many columns are touched, so a small system takes a small stride.</param>
    /// <param name="kernels">Register width.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static void Factor(float* matrix, int size, int stride, VectorKernels kernels)
    {
        for (int panel = 0; panel < size; panel += VectorKernels.PanelRows)
        {
            int next = Math.Min(panel + VectorKernels.PanelRows, size);
            for (int p = panel; p < next; p++)
            {
                Span<float> row = Row(matrix, p, stride);
                if (!(row[p] > 0)) throw new ArithmeticException($"Pivot {p} of {size} is {row[p]}: the matrix is not positive definite.");
                TensorPrimitives.Multiply(row[p..size], 1 / MathF.Sqrt(row[p]), row[p..size]);
                for (int i = p + 1; i < next; i++)
                {
                    Span<float> below = Row(matrix, i, stride)[i..size];
                    TensorPrimitives.MultiplyAdd(row[i..size], -row[i], below, below);
                }
            }
            for (int i = next; i < size; i++) kernels.SubtractPanel(matrix + (nint)panel * stride, stride, i, matrix + (nint)i * stride);
        }
    }

    /// <summary>Replaces b by the x with U' U x = b.</summary>
    public static void Solve(float* triangle, int size, int stride, Span<float> b)
    {
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<float> row = Row(triangle, i, stride)[..size];
            b[i] /= row[i];
            TensorPrimitives.MultiplyAdd(row[(i + 1)..], -b[i], b[(i + 1)..size], b[(i + 1)..size]);
        }
        for (int i = size - 1; i >= 0; i--)
        {
            ReadOnlySpan<float> row = Row(triangle, i, stride)[..size];
            b[i] = (b[i] - TensorPrimitives.Dot(row[(i + 1)..], b[(i + 1)..size])) / row[i];
        }
    }

    private static Span<float> Row(float* matrix, int row, int stride) => new(matrix + (nint)row * stride, stride);
}
