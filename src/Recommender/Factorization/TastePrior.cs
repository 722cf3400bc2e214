using System.Numerics.Tensors;
using Recommender.Interactions;
using Recommender.Threading;

namespace Recommender.Factorization;

/// <summary>
/// What is believed of somebody of whom nothing is known: how many of all people have each column, and how tastes vary among them, as
/// the covariance of vectors in the items' space. A person's column i is expected to be <c>Shares[i] + h_i'v</c> with v ~ N(0, Covariance).
/// </summary>
/// <remarks>
/// The covariance is that of the people's rows (confidences cut at 1) projected on the span of the items' factors,
/// <c>(G + eps)^-1 H' Cov(y) H (G + eps)^-1</c>. People's own factors would not do: they are fitted to what each of them has, so they
/// claim more than a few answers can tell.
/// </remarks>
internal sealed class TastePrior
{
    // A fixed number of blocks, added up in their order, makes the sums the same at any number of threads.
    private const int Blocks = 32;

    // Directions that hardly any item has are not blown up.
    private const float Ridge = 0.01f;

    public TastePrior(float[] shares, FactorMatrix covariance) => (Shares, Covariance) = (shares, covariance);

    /// <summary>Part of all people who have a column, 0 to 1; a confidence below 1 counts as that part of a person.</summary>
    public float[] Shares { get; }

    /// <summary>Factors x factors, symmetric, positive semidefinite.</summary>
    public FactorMatrix Covariance { get; }

    /// <summary>h'Covariance h: how much the expected column varies among people.</summary>
    public float VarianceOf(ReadOnlySpan<float> row)
    {
        float sum = 0;
        for (int i = 0; i < row.Length; i++) sum += row[i] * TensorPrimitives.Dot(Covariance.Row(i), row);
        return Math.Max(0, sum);
    }

    /// <param name="interactions">People x items.</param>
    /// <param name="items">In the basis in which their Gramian is the diagonal <paramref name="spectrum"/>.</param>
    /// <param name="spectrum">Eigenvalues of the Gramian.</param>
    /// <param name="kernels">Register width.</param>
    /// <param name="threads">Cores to use; the result does not depend on it.</param>
    /// <param name="cancellation">Stops within a block of people.</param>
    public static unsafe TastePrior Fit(InteractionMatrix interactions, FactorMatrix items, float[] spectrum, VectorKernels kernels, int threads,
        CancellationToken cancellation)
    {
        float[] shares = MeanRow(interactions);
        float[] mean = new float[items.Stride];
        for (int item = 0; item < shares.Length; item++) AddRow(mean, items, item, shares[item]);
        int stride = items.Stride;
        var partial = new FactorMatrix[Blocks];
        var parallel = Cores.Of(threads, cancellation);
        Parallel.For(0, Blocks, parallel, block =>
        {
            partial[block] = new FactorMatrix(stride, stride);
            var projected = new FactorMatrix(FactorMatrix.RowBlock, items.Factors);
            int from = (int)((long)interactions.RowCount * block / Blocks), to = (int)((long)interactions.RowCount * (block + 1) / Blocks);
            for (int first = from; first < to; first += FactorMatrix.RowBlock)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = Math.Min(FactorMatrix.RowBlock, to - first);
                for (int k = 0; k < count; k++) Project(interactions.Row(first + k), items, mean, projected.Padded.Slice(k * stride, stride));
                kernels.AddGramian(projected.Start, count, stride, partial[block].Start);
            }
        });
        return new TastePrior(shares, Scaled(partial, spectrum, Math.Max(1, interactions.RowCount)));
    }

    // H'(y - mean of y).
    private static void Project(InteractionRow row, FactorMatrix items, float[] mean, Span<float> sum)
    {
        TensorPrimitives.Negate(mean, sum);
        for (int k = 0; k < row.Length; k++) AddRow(sum, items, row.Columns[k], Math.Min(1, row.Confidence(k)));
    }

    private static void AddRow(Span<float> sum, FactorMatrix items, int item, float weight)
    {
        Span<float> factors = sum[..items.Factors];
        TensorPrimitives.MultiplyAdd(items.Row(item), weight, factors, factors);
    }

    private static FactorMatrix Scaled(FactorMatrix[] partial, float[] spectrum, int people)
    {
        int factors = spectrum.Length;
        float ridge = Ridge * TensorPrimitives.Sum<float>(spectrum) / factors;
        var covariance = new FactorMatrix(factors, factors);
        for (int i = 0; i < factors; i++)
        {
            for (int j = i; j < factors; j++)
            {
                double sum = 0;
                foreach (FactorMatrix block in partial) sum += block.Row(i)[j];
                double scale = people * ((double)spectrum[i] + ridge) * (spectrum[j] + ridge);
                covariance.MutableRow(i)[j] = covariance.MutableRow(j)[i] = scale > 0 ? (float)(sum / scale) : 0;
            }
        }
        return covariance;
    }

    private static float[] MeanRow(InteractionMatrix interactions)
    {
        var sums = new double[interactions.ColumnCount];
        for (int row = 0; row < interactions.RowCount; row++)
        {
            InteractionRow ofRow = interactions.Row(row);
            for (int k = 0; k < ofRow.Length; k++) sums[ofRow.Columns[k]] += Math.Min(1, ofRow.Confidence(k));
        }
        return Array.ConvertAll(sums, sum => (float)(sum / Math.Max(1, interactions.RowCount)));
    }
}
