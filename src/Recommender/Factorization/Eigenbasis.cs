using Recommender.Threading;

namespace Recommender.Factorization;

/// <summary>
/// The basis in which the items' Gramian is diagonal. Rotating all factors into it changes no score (rotations keep dot products)
/// and makes a fold-in cheap: what is left to invert besides a diagonal is as small as the person's history.
/// </summary>
internal static class Eigenbasis
{
    /// <summary>Rotates both sides in place; the eigenvalues of the items' Gramian come back, greatest first, one a factor.</summary>
    public static unsafe float[] RotateInto(FactorMatrix items, FactorMatrix customers, VectorKernels kernels, int threads, CancellationToken cancellation)
    {
        FactorMatrix gramian = Gramian.Of(items, 1, kernels, threads, cancellation);
        (double[] eigenvalues, double[][] eigenvectors) = SymmetricEigen.Decompose(gramian, items.Factors, threads, cancellation);
        var rotation = new FactorMatrix(items.Stride, items.Factors);
        for (int k = 0; k < items.Factors; k++)
        {
            for (int j = 0; j < items.Factors; j++) rotation.MutableRow(j)[k] = (float)eigenvectors[k][j];
        }
        foreach (FactorMatrix side in (ReadOnlySpan<FactorMatrix>)[items, customers]) Rotate(side, rotation, kernels, threads, cancellation);
        return Array.ConvertAll(eigenvalues, eigenvalue => (float)Math.Max(0, eigenvalue));
    }

    private static unsafe void Rotate(FactorMatrix side, FactorMatrix rotation, VectorKernels kernels, int threads, CancellationToken cancellation)
    {
        const int Block = 2 * VectorKernels.BlockRows;
        int stride = side.Stride;
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, (side.Rows + Block - 1) / Block, parallel,
            () => (From: new FactorMatrix(Block, side.Factors), To: new FactorMatrix(Block, side.Factors)), (block, _, work) =>
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
