using System.Numerics.Tensors;

namespace Recommender.Factorization;

/// <summary>
/// The Gaussian belief about one person's taste after some answers: column i is expected to be <c>Shares[i] + h_i'v</c>, v ~ N(mean, S).
/// "No" is evidence as "yes" is, and what was not asked says nothing; that is what tells an answer from a purchase history, whose gaps
/// speak (<see cref="FoldIn"/>). Exact linear-Gaussian updates, so the order of the answers does not matter. One per thread; it allocates
/// only when there are more answers than ever before.
/// </summary>
/// <remarks>
/// An answer a (1 or 0) to column j has mean <c>e = p + r h_j'v</c>, p being its chance for everybody and r its slope
/// (<see cref="AnswerRates"/>), and the noise <c>n = p (1 - p) - r^2 h_j'Covariance h_j</c>, the part of its variance that taste does not
/// explain. With <c>c = S h_j</c> and <c>V = n / confidence + r^2 h_j'c</c>: <c>mean += c r (a - e) / V</c>, <c>S -= r^2 c c' / V</c>. S is
/// kept as the prior less one row an answer.
/// </remarks>
internal sealed unsafe class Belief
{
    // Of an answer's variance at least this part is not explained by taste.
    private const float LeastNoise = 0.1f;

    // Rows whose products with the prior are made together.
    private const int PanelRows = 8 * VectorKernels.BlockRows;

    private readonly FactorMatrix _items;
    private readonly TastePrior _prior;
    private readonly AnswerRates _rates;
    private readonly VectorKernels _kernels;
    private readonly int _stride;
    private readonly FactorMatrix _mean;
    private readonly FactorMatrix _product;
    private readonly FactorMatrix _panel;
    private readonly FactorMatrix _products;
    // One an answer: its column's row, and what it taught.
    private FactorMatrix _rows;
    private FactorMatrix _learned;
    private float[] _along;
    private float[] _zeros;
    private int[] _columns;
    private float[] _pulls;

    public Belief(FactorMatrix items, TastePrior prior, AnswerRates rates, VectorKernels kernels)
    {
        (_items, _prior, _rates, _kernels, _stride) = (items, prior, rates, kernels, items.Stride);
        _mean = FactorMatrix.Vector(items.Factors);
        _product = FactorMatrix.Vector(items.Factors);
        (_panel, _products) = (new FactorMatrix(PanelRows, items.Factors), new FactorMatrix(PanelRows, items.Factors));
        _rows = new FactorMatrix(FactorMatrix.RowBlock, items.Factors);
        _learned = new FactorMatrix(FactorMatrix.RowBlock, items.Factors);
        (_along, _zeros) = (new float[FactorMatrix.RowBlock], new float[FactorMatrix.RowBlock]);
        (_columns, _pulls) = (new int[FactorMatrix.RowBlock], new float[FactorMatrix.RowBlock]);
    }

    /// <summary>Mean of v, padded to the items' stride.</summary>
    public FactorMatrix Mean => _mean;

    /// <summary>How many answers it has taken.</summary>
    public int Count { get; private set; }

    /// <summary>The column of an answer, in the order in which they came.</summary>
    public int ColumnOf(int answer) => _columns[answer];

    /// <summary>Back to what is believed of everybody.</summary>
    public void Start()
    {
        Count = 0;
        _mean.Padded.Clear();
    }

    /// <summary>The expected column, about 0 to 1: how likely the person has or chooses it.</summary>
    public float Expected(int column) => _prior.Shares[column] + TensorPrimitives.Dot(Row(column), _mean.Padded);

    private float ExpectedAnswer(int column) =>
        _rates.Of(column) * _prior.Shares[column] + _rates.SlopeOf(column) * TensorPrimitives.Dot(Row(column), _mean.Padded);

    /// <summary>The chance that the person says yes to a column when asked.</summary>
    public float ChanceOf(int column) => Math.Clamp(ExpectedAnswer(column), 0.001f, 0.999f);

    /// <summary>h_i'S h_i: how uncertain the expected column still is.</summary>
    public float VarianceOf(int column) => VarianceOf(Row(column));

    /// <summary>The same for any vector in the items' space, with its padding.</summary>
    public float VarianceOf(ReadOnlySpan<float> row)
    {
        ApplyPrior(row);
        TakeLearnedOff(row);
        return Math.Max(0, TensorPrimitives.Dot(row, _product.Padded));
    }

    /// <summary>Takes an answer in.</summary>
    /// <param name="column">What was asked about.</param>
    /// <param name="yes">Whether it was chosen.</param>
    /// <param name="confidence">Positive; 1 is one clear answer.</param>
    public void Observe(int column, bool yes, float confidence)
    {
        ApplyPrior(Row(column));
        Learn(column, yes, confidence);
    }

    /// <summary>Takes several answers in, which is cheaper than one after the other.</summary>
    /// <param name="columns">What was asked about.</param>
    /// <param name="yes">Whether all were chosen or none.</param>
    /// <param name="confidences">As many; none where each is 1.</param>
    public void Observe(ReadOnlySpan<int> columns, bool yes, ReadOnlySpan<float> confidences)
    {
        for (int first = 0; first < columns.Length; first += PanelRows)
        {
            int count = Math.Min(PanelRows, columns.Length - first);
            for (int k = 0; k < count; k++) Row(columns[first + k]).CopyTo(_panel.Padded[(k * _stride)..]);
            ApplyPrior(_panel, count);
            for (int k = 0; k < count; k++)
            {
                ProductOf(k).CopyTo(_product.Padded);
                Learn(columns[first + k], yes, confidences.IsEmpty ? 1 : confidences[first + k]);
            }
        }
    }

    /// <summary>
    /// What asking about a column would do: <see cref="Product"/> becomes c = S h; the variance of its answer comes back. Nothing
    /// is learned.
    /// </summary>
    public float Propose(int column, float confidence, out float noise)
    {
        ApplyPrior(Row(column));
        return TakeLearnedOff(column, confidence, out noise);
    }

    /// <summary>The variance of a clear answer that taste does not explain.</summary>
    /// <param name="column">What is asked about.</param>
    /// <param name="priorVariance">h'Covariance h of its row.</param>
    public float NoiseOf(int column, float priorVariance)
    {
        float slope = _rates.SlopeOf(column), share = Math.Clamp(_rates.Of(column) * _prior.Shares[column], 0.001f, 0.999f);
        float variance = share * (1 - share);
        return Math.Max(variance - slope * slope * priorVariance, LeastNoise * variance);
    }

    /// <summary>c of the last <see cref="Propose"/>.</summary>
    public FactorMatrix Product => _product;

    /// <summary>r: how much the chance of a yes rises with the expected column.</summary>
    public float SlopeOf(int column) => _rates.SlopeOf(column);

    /// <summary>Exact terms of <c>h_i'mean</c>, one an answer in their order; their sum is the whole.</summary>
    public void Terms(int item, Span<float> terms) => Terms(Row(item), terms);

    /// <summary>The same for any vector in the items' space, with its padding.</summary>
    public void Terms(ReadOnlySpan<float> row, Span<float> terms)
    {
        row.CopyTo(_panel.Padded);
        Terms(_panel, 1, terms);
    }

    /// <summary>The same for several vectors, which is cheaper than one after the other.</summary>
    /// <param name="targets">One a row.</param>
    /// <param name="count">How many of its rows; at most <see cref="VectorKernels.Sides"/>.</param>
    /// <param name="terms">All terms of the first, then all of the second ...</param>
    public void Terms(FactorMatrix targets, int count, Span<float> terms)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, VectorKernels.Sides);
        ApplyPrior(targets, count);
        for (int k = 0; k < count; k++)
        {
            float* product = _products.Start + (nint)k * _stride;
            TakeLearnedOff(targets.Start + (nint)k * _stride, product);
            fixed (float* along = _along) _kernels.Score(_rows.Start, RoundUp(Count), _stride, product, along);
            TensorPrimitives.Multiply(_along.AsSpan(0, Count), _pulls.AsSpan(0, Count), terms.Slice(k * Count, Count));
        }
    }

    /// <summary>Writes S, what is still uncertain, as a full matrix.</summary>
    public void CopyCovariance(FactorMatrix covariance)
    {
        _prior.Covariance.Padded.CopyTo(covariance.Padded);
        for (int k = 0; k < Count; k++)
        {
            ReadOnlySpan<float> learned = Learned(k);
            for (int i = 0; i < _items.Factors; i++)
            {
                Span<float> row = covariance.MutableRow(i);
                TensorPrimitives.MultiplyAdd(learned[.._items.Factors], -learned[i], row, row);
            }
        }
    }

    // The last product is kept only by the caller that used it.
    private void ApplyPrior(ReadOnlySpan<float> row)
    {
        fixed (float* x = row) _kernels.Score(_prior.Covariance.Start, _stride, _stride, x, _product.Start);
    }

    private void ApplyPrior(FactorMatrix rows, int count)
    {
        int blocks = (count + VectorKernels.BlockRows - 1) / VectorKernels.BlockRows;
        _kernels.MultiplyBlock(rows.Start, blocks * VectorKernels.BlockRows, _prior.Covariance.Start, _stride, _products.Start);
    }

    // With the product of the column and the prior: what was learned is taken off, and the answer's variance comes back.
    private float TakeLearnedOff(int column, float confidence, out float noise)
    {
        ReadOnlySpan<float> row = Row(column);
        float slope = _rates.SlopeOf(column);
        noise = NoiseOf(column, TensorPrimitives.Dot(row, _product.Padded)) / confidence;
        TakeLearnedOff(row);
        return noise + slope * slope * Math.Max(0, TensorPrimitives.Dot(row, _product.Padded));
    }

    private void TakeLearnedOff(ReadOnlySpan<float> row)
    {
        fixed (float* x = row) TakeLearnedOff(x, _product.Start);
    }

    private void TakeLearnedOff(float* row, float* product)
    {
        if (Count == 0) return;
        fixed (float* along = _along, zeros = _zeros)
        {
            _kernels.Score(_learned.Start, RoundUp(Count), _stride, row, along);
            // Rows behind the last answer are what others taught.
            for (int k = Count; k < RoundUp(Count); k++) along[k] = 0;
            _kernels.AddErrors(_learned.Start, along, zeros, RoundUp(Count), _stride, product);
        }
    }

    // With the product of the column and the prior.
    private void Learn(int column, bool yes, float confidence)
    {
        if (Count == _columns.Length) Grow();
        Span<float> product = _product.Padded, mean = _mean.Padded;
        float variance = TakeLearnedOff(column, confidence, out float noise), slope = _rates.SlopeOf(column), said = yes ? 1 : 0;
        (_columns[Count], _pulls[Count]) = (column, slope / noise * (said - _rates.Of(column) * _prior.Shares[column]));
        TensorPrimitives.MultiplyAdd(product, slope * (said - ExpectedAnswer(column)) / variance, mean, mean);
        TensorPrimitives.Multiply(product, slope / MathF.Sqrt(variance), Learned(Count));
        Row(column).CopyTo(_rows.Padded[(Count * _stride)..]);
        Count++;
    }

    private void Grow()
    {
        (_rows, _learned) = (Grown(_rows), Grown(_learned));
        Array.Resize(ref _along, _learned.Rows);
        Array.Resize(ref _zeros, _learned.Rows);
        Array.Resize(ref _columns, _learned.Rows);
        Array.Resize(ref _pulls, _learned.Rows);
    }

    private FactorMatrix Grown(FactorMatrix rows)
    {
        var larger = new FactorMatrix(rows.Rows * 2, _items.Factors);
        rows.Padded[..(Count * _stride)].CopyTo(larger.Padded);
        return larger;
    }

    private ReadOnlySpan<float> ProductOf(int panelRow) => _products.Padded.Slice(panelRow * _stride, _stride);

    private static int RoundUp(int count) => (count + 3) & ~3;

    private Span<float> Learned(int answer) => _learned.Padded.Slice(answer * _stride, _stride);

    private ReadOnlySpan<float> Row(int item) => new(_items.Start + (nint)item * _stride, _stride);
}
