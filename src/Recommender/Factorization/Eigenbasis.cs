using System.Numerics.Tensors;

namespace Recommender.Factorization;

/// <summary>
/// The basis in which the items' Gramian is diagonal. Rotating all factors into it changes no score (rotations keep dot products)
/// and makes a fold-in cheap: what is left to invert besides a diagonal is as small as the person's history.
/// </summary>
internal static class Eigenbasis
{
    /// <summary>Cosine between two columns below which they count as orthogonal.</summary>
    private const double Orthogonal = 1e-14;

    /// <summary>Rotates both sides in place; the eigenvalues of the items' Gramian come back, greatest first, one a factor.</summary>
    public static unsafe float[] RotateInto(FactorMatrix items, FactorMatrix customers, VectorKernels kernels, int threads, CancellationToken cancellation)
    {
        FactorMatrix gramian = Gramian.Of(items, 1, kernels, threads, cancellation);
        (double[] eigenvalues, double[][] eigenvectors) = Decompose(gramian, items.Factors, cancellation);
        var rotation = new FactorMatrix(items.Stride, items.Factors);
        for (int k = 0; k < items.Factors; k++)
        {
            for (int j = 0; j < items.Factors; j++) rotation.MutableRow(j)[k] = (float)eigenvectors[k][j];
        }
        foreach (FactorMatrix side in (ReadOnlySpan<FactorMatrix>)[items, customers]) Rotate(side, rotation, kernels, threads, cancellation);
        return Array.ConvertAll(eigenvalues, eigenvalue => (float)eigenvalue);
    }

    /// <summary>
    /// Eigenvalues (greatest first) and unit eigenvectors of a positive semidefinite matrix: Cholesky, then one-sided Jacobi
    /// rotations of the triangle's columns until they are orthogonal (Veselic, Hari 1989). Their lengths are the roots of the eigenvalues.
    /// </summary>
    internal static (double[] Values, double[][] Vectors) Decompose(FactorMatrix square, int size, CancellationToken cancellation)
    {
        double[][] columns = CholeskyColumns(square, size, out double shift);
        bool rotated = true;
        for (int sweep = 0; rotated && sweep < 40; sweep++)
        {
            cancellation.ThrowIfCancellationRequested();
            rotated = false;
            for (int p = 0; p < size; p++)
            {
                for (int q = p + 1; q < size; q++) rotated |= MakeOrthogonal(columns[p], columns[q]);
            }
        }
        Array.Sort(columns, (a, b) => TensorPrimitives.SumOfSquares<double>(b).CompareTo(TensorPrimitives.SumOfSquares<double>(a)));
        var values = new double[size];
        for (int k = 0; k < size; k++)
        {
            double square2 = TensorPrimitives.SumOfSquares<double>(columns[k]);
            values[k] = Math.Max(0, square2 - shift);
            TensorPrimitives.Divide(columns[k], Math.Sqrt(square2), columns[k]);
        }
        return (values, columns);
    }

    private static bool MakeOrthogonal(double[] a, double[] b)
    {
        double aa = TensorPrimitives.SumOfSquares<double>(a), bb = TensorPrimitives.SumOfSquares<double>(b), ab = TensorPrimitives.Dot<double>(a, b);
        if (Math.Abs(ab) <= Orthogonal * Math.Sqrt(aa * bb)) return false;
        double zeta = (bb - aa) / (2 * ab);
        double tangent = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(zeta * zeta + 1));
        double cosine = 1 / Math.Sqrt(tangent * tangent + 1), sine = cosine * tangent;
        for (int j = 0; j < a.Length; j++) (a[j], b[j]) = (cosine * a[j] - sine * b[j], sine * a[j] + cosine * b[j]);
        return true;
    }

    // Fewer items than factors leave the Gramian singular, and rounding can make it slightly indefinite. A shift as small as that
    // rounding makes it definite and moves the eigenvalues alone; it is taken off them afterwards.
    private static double[][] CholeskyColumns(FactorMatrix square, int size, out double shift)
    {
        double trace = 0;
        for (int j = 0; j < size; j++) trace += square.Row(j)[j];
        shift = Math.Max(trace * 1e-6, 1e-30);
        var rows = new double[size][];
        for (int i = 0; i < size; i++)
        {
            rows[i] = new double[size];
            for (int j = 0; j <= i; j++)
            {
                double rest = square.Row(i)[j] - TensorPrimitives.Dot<double>(rows[i].AsSpan(0, j), rows[j].AsSpan(0, j));
                rows[i][j] = j < i ? rest / rows[j][j] : Math.Sqrt(Math.Max(rest + shift, shift * 1e-3));
            }
        }
        var columns = new double[size][];
        for (int j = 0; j < size; j++) columns[j] = Array.ConvertAll(rows, row => row[j]);
        return columns;
    }

    private static unsafe void Rotate(FactorMatrix side, FactorMatrix rotation, VectorKernels kernels, int threads, CancellationToken cancellation)
    {
        const int Block = 2 * VectorKernels.BlockRows;
        int stride = side.Stride;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (side.Rows + Block - 1) / Block, parallel, () => (From: new FactorMatrix(Block, side.Factors), To: new FactorMatrix(Block, side.Factors)), (block, _, work) =>
        {
            int floats = Math.Min(Block, side.Rows - block * Block) * stride;
            Span<float> rows = side.Padded.Slice(block * Block * stride, floats);
            rows.CopyTo(work.From.Padded);
            kernels.MultiplyBlock(work.From.Start, Block, rotation.Start, stride, work.To.Start);
            work.To.Padded[..floats].CopyTo(rows);
            return work;
        }, _ => { });
    }
}
