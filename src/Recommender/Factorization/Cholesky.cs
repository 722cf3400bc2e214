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
    /// <param name="stride">Floats a row; a small system takes a small stride.</param>
    /// <param name="kernels">Register width.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static void Factor(float* matrix, int size, int stride, VectorKernels kernels)
    {
        if (!kernels.FactorTriangle(matrix, size, stride)) throw new ArithmeticException($"A matrix of {size} x {size} is not positive definite.");
    }

    /// <summary>Replaces b by the x with U' U x = b. B goes on with finite numbers to a whole stride.</summary>
    public static void Solve(float* triangle, int size, int stride, float* b, VectorKernels kernels) => kernels.SolveTriangle(triangle, size, stride, b);

    /// <summary>The same for several right-hand sides, which stand next to each other: row i holds what equation i says of each of <see cref="VectorKernels.Sides"/>.</summary>
    public static void Solve(float* triangle, int size, int stride, float* sides, int count, VectorKernels kernels) =>
        kernels.SolveSides(triangle, size, stride, sides, count);
}
