using Recommender.Interactions;

namespace Recommender.Factorization;

/// <summary>Alternating least squares for implicit feedback: customers and items are solved in turn (<see cref="HalfStep"/>).</summary>
internal static class ImplicitAls
{
    /// <summary>Factors of the rows (customers) and the columns (items).</summary>
    /// <param name="interactions">Customers x items.</param>
    /// <param name="options">The objective and how long to work on it.</param>
    /// <param name="seed">The same data, options and seed give the same bytes, whatever <paramref name="threads"/>.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="kernels">Register width.</param>
    /// <param name="progress">Called with the number of rows solved so far, from any thread; in all <see cref="Work"/>.</param>
    /// <param name="cancellation">Stops within a block of rows.</param>
    public static (FactorMatrix Customers, FactorMatrix Items) Fit(InteractionMatrix interactions, FactorizationOptions options, ulong seed,
        int threads, VectorKernels kernels, Action<long>? progress, CancellationToken cancellation)
    {
        InteractionMatrix transposed = interactions.Transpose();
        FactorMatrix customers = InitialFactors(interactions.RowCount, options, seed);
        FactorMatrix items = InitialFactors(interactions.ColumnCount, options, ~seed);
        var halfStep = new HalfStep(options, kernels, threads);
        long done = 0;
        void Solved(int rows) => progress!(Interlocked.Add(ref done, rows));
        Action<int>? solved = progress is null ? null : Solved;
        for (int sweep = 0; sweep < options.Sweeps; sweep++)
        {
            halfStep.SolveRows(interactions, solving: customers, against: items, solved, cancellation);
            halfStep.SolveRows(transposed, solving: items, against: customers, solved, cancellation);
        }
        return (customers, items);
    }

    /// <summary>Rows solved in a whole training.</summary>
    public static long Work(InteractionMatrix interactions, FactorizationOptions options) =>
        ((long)interactions.RowCount + interactions.ColumnCount) * options.Sweeps;

    private static FactorMatrix InitialFactors(int rows, FactorizationOptions options, ulong seed)
    {
        var factors = new FactorMatrix(rows, options.Factors);
        double deviation = options.InitialScale / Math.Sqrt(options.Factors);
        var random = new NormalNumbers(seed);
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float factor in factors.MutableRow(row)) factor = (float)(deviation * random.Next());
        }
        return factors;
    }
}
