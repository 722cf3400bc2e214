using System.Numerics.Tensors;
using Recommender.Interactions;

namespace Recommender.Factorization;

/// <summary>
/// One half of a sweep: every row of one side is solved against the other side, which stands still. A row x with items S minimises
/// <c>sum_S c (1 - y.x)^2 + a0 sum_all (y.x)^2 + ridge |x|^2</c>, that is <c>(a0 Y'Y + sum_S c y y' + ridge) x = sum_S c y</c>, by a
/// few conjugate-gradient steps from where x was (Takacs, Pilaszy, Tikk 2011). Each row depends on nothing but itself, so the
/// result has the same bytes at any number of threads.
/// </summary>
internal sealed unsafe class HalfStep(FactorizationOptions options, VectorKernels kernels, int threads)
{
    // Multiplying several search directions by the Gramian at once reads it once for all of them.
    private const int BlockRows = 2 * VectorKernels.BlockRows;

    // Below this squared residual a row is solved as far as floats can tell.
    private const float Converged = 1e-12f;

    /// <summary>Solves every row of <paramref name="solving"/> in place.</summary>
    /// <param name="interactions">Rows as in <paramref name="solving"/>, columns as rows of <paramref name="against"/>.</param>
    /// <param name="solving">Where each row starts, and is left solved.</param>
    /// <param name="against">Stands still.</param>
    /// <param name="solved">Called with the number of rows just solved, from any thread.</param>
    /// <param name="cancellation">Looked at before each block of rows.</param>
    public void SolveRows(InteractionMatrix interactions, FactorMatrix solving, FactorMatrix against, Action<int>? solved, CancellationToken cancellation)
    {
        FactorMatrix gramian = Gramian.Of(against, (float)options.UnobservedWeight, kernels, threads, cancellation);
        int blocks = (interactions.RowCount + BlockRows - 1) / BlockRows;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, blocks, parallel, () => new Workspace(solving.Factors), (block, _, workspace) =>
        {
            int first = block * BlockRows;
            int count = Math.Min(BlockRows, interactions.RowCount - first);
            fixed (int* columns = interactions.Columns)
            fixed (float* confidences = interactions.Confidences)
                SolveBlock(new Block(interactions, columns, confidences, first, count), solving, against, gramian, workspace);
            solved?.Invoke(count);
            return workspace;
        }, _ => { });
    }

    private void SolveBlock(Block block, FactorMatrix solving, FactorMatrix against, FactorMatrix gramian, Workspace workspace)
    {
        int stride = solving.Stride;
        float* x = workspace.Solution.Start, r = workspace.Residual.Start, p = workspace.Direction.Start, q = workspace.Product.Start;
        Span<float> ridge = stackalloc float[BlockRows], residual = stackalloc float[BlockRows];
        workspace.Solution.Padded[..(BlockRows * stride)].Clear();
        workspace.Direction.Padded[..(BlockRows * stride)].Clear();
        for (int z = 0; z < block.Count; z++) Row(solving.Start, block.First + z, stride).CopyTo(Row(x, z, stride));

        kernels.MultiplyBlock(x, BlockRows, gramian.Start, stride, q);
        for (int z = 0; z < block.Count; z++)
        {
            ridge[z] = options.Ridge(block.Confidence(z), against.Rows);
            Span<float> rz = Row(r, z, stride), xz = Row(x, z, stride);
            if (block.Length(z) == 0)
            {
                // A row with no interactions has no preferences: the zero vector is its exact solution.
                xz.Clear();
                residual[z] = 0;
                continue;
            }
            // r = b - A x = sum c (1 - y.x) y - a0 G x - ridge x
            TensorPrimitives.MultiplyAdd(xz, ridge[z], Row(q, z, stride), rz);
            TensorPrimitives.Negate(rz, rz);
            AddProjections(block, z, against, constant: 1, slope: -1, x, r);
            rz.CopyTo(Row(p, z, stride));
            residual[z] = TensorPrimitives.SumOfSquares<float>(rz);
        }
        for (int step = 0; step < options.ConjugateGradientSteps; step++)
        {
            kernels.MultiplyBlock(p, BlockRows, gramian.Start, stride, q);
            for (int z = 0; z < block.Count; z++)
            {
                if (residual[z] < Converged) continue;
                Span<float> pz = Row(p, z, stride), qz = Row(q, z, stride), rz = Row(r, z, stride), xz = Row(x, z, stride);
                TensorPrimitives.MultiplyAdd(pz, ridge[z], qz, qz);
                AddProjections(block, z, against, constant: 0, slope: 1, p, q);
                float length = residual[z] / TensorPrimitives.Dot<float>(pz, qz);
                TensorPrimitives.MultiplyAdd(pz, length, xz, xz);
                TensorPrimitives.MultiplyAdd(qz, -length, rz, rz);
                float before = residual[z];
                residual[z] = TensorPrimitives.SumOfSquares<float>(rz);
                TensorPrimitives.MultiplyAdd(pz, residual[z] / before, rz, pz);
            }
        }
        for (int z = 0; z < block.Count; z++) Row(x, z, stride).CopyTo(Row(solving.Start, block.First + z, stride));
    }

    private void AddProjections(Block block, int z, FactorMatrix against, float constant, float slope, float* from, float* to)
    {
        int stride = against.Stride;
        kernels.AddProjections(against.Start, block.Columns(z), block.Confidences(z), block.Length(z), stride, constant, slope,
            from + z * stride, to + z * stride);
    }

    private static Span<float> Row(float* start, int row, int stride) => new(start + (nint)row * stride, stride);

    /// <summary>The interactions of consecutive rows, pinned.</summary>
    private readonly struct Block(InteractionMatrix interactions, int* columns, float* confidences, int first, int count)
    {
        public int First => first;

        public int Count => count;

        public int Length(int z) => (int)(interactions.RowStarts[first + z + 1] - interactions.RowStarts[first + z]);

        public int* Columns(int z) => columns + interactions.RowStarts[first + z];

        /// <summary>Null where every confidence is 1.</summary>
        public float* Confidences(int z) => interactions.IsBinary ? null : confidences + interactions.RowStarts[first + z];

        public float Confidence(int z) => interactions.Row(first + z).Total;
    }

    /// <summary>One worker's vectors, a row each of a block.</summary>
    private sealed class Workspace(int factors)
    {
        public FactorMatrix Solution { get; } = new(BlockRows, factors);

        public FactorMatrix Residual { get; } = new(BlockRows, factors);

        public FactorMatrix Direction { get; } = new(BlockRows, factors);

        public FactorMatrix Product { get; } = new(BlockRows, factors);
    }
}
