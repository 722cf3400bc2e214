using System.Numerics.Tensors;
using Recommender.Interactions;

namespace Recommender.Factorization;

/// <summary>
/// Alternating least squares for implicit feedback: in a sweep the customers, then the items are solved against each other
/// (<see cref="HalfStep"/>). The same data, options and seed give the same bytes, whatever the threads, also where a training goes on from
/// the factors of one that was stopped.
/// </summary>
internal sealed class ImplicitAls
{
    private readonly InteractionMatrix _interactions;
    private readonly InteractionMatrix _transposed;
    private readonly HalfStep _halfStep;

    /// <summary>Starts from random factors.</summary>
    /// <param name="interactions">Customers x items.</param>
    /// <param name="options">The objective and how each row is solved.</param>
    /// <param name="seed">Of the factors it starts from.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="kernels">Register width.</param>
    public ImplicitAls(InteractionMatrix interactions, FactorizationOptions options, ulong seed, int threads, VectorKernels kernels)
        : this(interactions, options, InitialFactors(interactions.RowCount, options, seed),
            InitialFactors(interactions.ColumnCount, options, ~seed), threads, kernels)
    {
    }

    /// <summary>Goes on from given factors, which it changes.</summary>
    public ImplicitAls(InteractionMatrix interactions, FactorizationOptions options, FactorMatrix customers, FactorMatrix items,
        int threads, VectorKernels kernels)
    {
        (_interactions, Customers, Items) = (interactions, customers, items);
        _transposed = interactions.Transpose();
        _halfStep = new HalfStep(options, kernels, threads);
    }

    /// <summary>Customers x factors.</summary>
    public FactorMatrix Customers { get; }

    /// <summary>Items x factors.</summary>
    public FactorMatrix Items { get; }

    /// <summary>Solves both sides once.</summary>
    /// <param name="solved">Called with the number of rows just solved, from any thread.</param>
    /// <param name="cancellation">Stops within a block of rows; the factors are then of no use.</param>
    /// <exception cref="DivergenceException">A factor is not finite.</exception>
    public void Sweep(Action<int>? solved, CancellationToken cancellation)
    {
        _halfStep.SolveRows(_interactions, solving: Customers, against: Items, solved, cancellation);
        RequireFinite(Customers, ofItems: false);
        _halfStep.SolveRows(_transposed, solving: Items, against: Customers, solved, cancellation);
        RequireFinite(Items, ofItems: true);
    }

    /// <summary>All the options' sweeps from random factors.</summary>
    public static (FactorMatrix Customers, FactorMatrix Items) Fit(InteractionMatrix interactions, FactorizationOptions options, ulong seed,
        int threads, VectorKernels kernels, CancellationToken cancellation)
    {
        var als = new ImplicitAls(interactions, options, seed, threads, kernels);
        for (int sweep = 0; sweep < options.Sweeps; sweep++) als.Sweep(solved: null, cancellation);
        return (als.Customers, als.Items);
    }

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

    private static void RequireFinite(FactorMatrix factors, bool ofItems)
    {
        for (int row = 0; row < factors.Rows; row++)
        {

            if (!TensorPrimitives.IsFiniteAll(factors.Row(row))) throw new DivergenceException(ofItems, row);
        }
    }
}

/// <summary>A factor became infinite or no number: the data or the options are beyond what floats can hold.</summary>
internal sealed class DivergenceException(bool ofItems, int row) : Exception($"The factors of {(ofItems ? "item" : "customer")} number {row} are not finite.")
{
    /// <summary>Whether the row is an item's, else a customer's.</summary>
    public bool OfItems => ofItems;

    public int Row => row;
}
