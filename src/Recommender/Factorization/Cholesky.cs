using System.Numerics.Tensors;

namespace Recommender.Factorization;

/// <summary>
/// Solves small symmetric positive definite systems in place, row by row, without allocating. A matrix is its lower triangle, row i
/// at <c>matrix[i * stride]</c>.
/// </summary>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle by L with L L' = matrix.</summary>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static void Factor(Span<float> matrix, int size, int stride)
    {
        for (int i = 0; i < size; i++)
        {
            Span<float> row = matrix.Slice(i * stride, i + 1);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<float> above = matrix.Slice(j * stride, j + 1);
                row[j] = (row[j] - TensorPrimitives.Dot(row[..j], above[..j])) / above[j];
            }
            float pivot = row[i] - TensorPrimitives.SumOfSquares<float>(row[..i]);
            if (!(pivot > 0)) throw new ArithmeticException($"Pivot {i} of {size} is {pivot}: the matrix is not positive definite.");
            row[i] = MathF.Sqrt(pivot);
        }
    }

    /// <summary>Replaces b by the x with L L' x = b.</summary>
    public static void Solve(ReadOnlySpan<float> triangle, int size, int stride, Span<float> b)
    {
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<float> row = triangle.Slice(i * stride, i + 1);
            b[i] = (b[i] - TensorPrimitives.Dot(row[..i], b[..i])) / row[i];
        }
        for (int i = size - 1; i >= 0; i--)
        {
            ReadOnlySpan<float> row = triangle.Slice(i * stride, i + 1);
            b[i] /= row[i];
            TensorPrimitives.MultiplyAdd(row[..i], -b[i], b[..i], b[..i]);
        }
    }
}
