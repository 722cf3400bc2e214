using Recommender.Interactions;
using Recommender.Threading;

namespace Recommender.Factorization;

/// <summary>
/// One half of a sweep: every row of one side is solved against the other side, which stands still. A row x with items S minimises
/// <c>sum_S c (1 - y.x)^2 + a0 sum_all (y.x)^2 + ridge |x|^2</c>, that is <c>(a0 Y'Y + sum_S c y y' + ridge) x = sum_S c y</c>, as the
/// options' <see cref="FactorSolver"/> does it. Each row depends on nothing but itself, so the result has the same bytes at any number of
/// threads.
/// </summary>
internal sealed unsafe class HalfStep(FactorizationOptions options, VectorKernels kernels, int threads)
{
    // Consecutive blocks that one thread takes at a time: it can ask for the rows of the next one while it solves this one.
    private const int RunBlocks = 16;

    /// <summary>Solves every row of <paramref name="solving"/> in place.</summary>
    /// <param name="interactions">Rows as in <paramref name="solving"/>, columns as rows of <paramref name="against"/>.</param>
    /// <param name="solving">Where each row starts, and is left solved.</param>
    /// <param name="against">Stands still.</param>
    /// <param name="solved">Called with the number of rows just solved, from any thread.</param>
    /// <param name="cancellation">Looked at before each block of rows.</param>
    public void SolveRows(InteractionMatrix interactions, FactorMatrix solving, FactorMatrix against, Action<int>? solved, CancellationToken cancellation)
    {
        FactorMatrix gramian = Gramian.Of(against, (float)options.UnobservedWeight, kernels, threads, cancellation);
        FactorMatrix strips = Gramian.Strips(gramian);
        int blockRows = BlockRows(solving.Stride), runRows = RunBlocks * blockRows;
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, (interactions.RowCount + runRows - 1) / runRows, parallel, () => Solver(against, gramian, strips), (run, _, solver) =>
        {
            int end = Math.Min((run + 1) * runRows, interactions.RowCount);
            fixed (int* columns = interactions.Columns)
            fixed (float* confidences = interactions.Confidences)
            {
                for (int first = run * runRows; first < end; first += blockRows)
                {
                    cancellation.ThrowIfCancellationRequested();
                    int next = Math.Min(first + blockRows, end), after = Math.Min(next + blockRows, end);
                    solver.Solve(new RowBlock(interactions, columns, confidences, first, next - first),
                        new RowBlock(interactions, columns, confidences, next, after - next), solving);
                    solved?.Invoke(next - first);
                }
            }
            return solver;
        }, _ => { });
    }

    /// <summary>
    /// Rows solved together: several vectors multiplied by the Gramian at once read it once for all of them, while the rows they speak of
    /// must stay in the second cache together with the next block's.
    /// </summary>
    internal static int BlockRows(int stride) => VectorKernels.BlockRows * (stride <= 128 ? 2 : stride <= 512 ? 1 : 4);

    private BlockSolver Solver(FactorMatrix against, FactorMatrix gramian, FactorMatrix strips) => options.Solver == FactorSolver.Subspace
        ? new SubspaceSolver(options, kernels, against, gramian, strips)
        : new ConjugateGradientSolver(options, kernels, against, strips);
}
