using System.Numerics.Tensors;
using System.Runtime.InteropServices;

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

    private readonly FactorMatrix _items;
    private readonly TastePrior _prior;
    private readonly AnswerRates _rates;
    private readonly VectorKernels _kernels;
    private readonly int _stride;
    private readonly FactorMatrix _mean;
    private readonly FactorMatrix _product;
    private FactorMatrix _learned;
    private float[] _along;
    private int[] _columns;
    private float[] _pulls;

    public Belief(FactorMatrix items, TastePrior prior, AnswerRates rates, VectorKernels kernels)
    {
        (_items, _prior, _rates, _kernels, _stride) = (items, prior, rates, kernels, items.Stride);
        _mean = new FactorMatrix(1, items.Factors);
        _product = new FactorMatrix(1, items.Factors);
        _learned = new FactorMatrix(FactorMatrix.RowBlock, items.Factors);
        (_along, _columns, _pulls) = (new float[FactorMatrix.RowBlock], new int[FactorMatrix.RowBlock], new float[FactorMatrix.RowBlock]);
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
    public float Expected(int column) => _prior.Shares[column] + TensorPrimitives.Dot(Row(column), Padded(_mean));

    private float ExpectedAnswer(int column) =>
        _rates.Of(column) * _prior.Shares[column] + _rates.SlopeOf(column) * TensorPrimitives.Dot(Row(column), Padded(_mean));

    /// <summary>The chance that the person says yes to a column when asked.</summary>
    public float ChanceOf(int column) => Math.Clamp(ExpectedAnswer(column), 0.001f, 0.999f);

    /// <summary>h_i'S h_i: how uncertain the expected column still is.</summary>
    public float VarianceOf(int column) => VarianceOf(Row(column));

    /// <summary>The same for any vector in the items' space, with its padding.</summary>
    public float VarianceOf(ReadOnlySpan<float> row)
    {
        ApplyPrior(row);
        TakeLearnedOff(row);
        return Math.Max(0, TensorPrimitives.Dot(row, Padded(_product)));
    }

    /// <summary>Takes an answer in.</summary>
    /// <param name="column">What was asked about.</param>
    /// <param name="yes">Whether it was chosen.</param>
    /// <param name="confidence">Positive; 1 is one clear answer.</param>
    public void Observe(int column, bool yes, float confidence)
    {
        if (Count == _columns.Length) Grow();
        Span<float> product = Padded(_product);
        float variance = Propose(column, confidence, out float noise), slope = _rates.SlopeOf(column), said = yes ? 1 : 0;
        (_columns[Count], _pulls[Count]) = (column, slope / noise * (said - _rates.Of(column) * _prior.Shares[column]));
        Span<float> mean = Padded(_mean);
        TensorPrimitives.MultiplyAdd(product, slope * (said - ExpectedAnswer(column)) / variance, mean, mean);
        TensorPrimitives.Multiply(product, slope / MathF.Sqrt(variance), Learned(Count));
        Count++;
    }

    /// <summary>
    /// What asking about a column would do: <see cref="Product"/> becomes c = S h; the variance of its answer comes back. Nothing is learned.
    /// </summary>
    public float Propose(int column, float confidence, out float noise)
    {
        ReadOnlySpan<float> row = Row(column);
        float slope = _rates.SlopeOf(column);
        ApplyPrior(row);
        noise = NoiseOf(column, TensorPrimitives.Dot(row, Padded(_product))) / confidence;
        TakeLearnedOff(row);
        return noise + slope * slope * Math.Max(0, TensorPrimitives.Dot(row, Padded(_product)));
    }

    /// <summary>The variance of a clear answer that taste does not explain.</summary>
    /// <param name="column">What is asked about.</param>
    /// <param name="priorVariance">h'Covariance h of its row.</param>
    public float NoiseOf(int column, float priorVariance)
    {
        float slope = _rates.SlopeOf(column), share = Math.Clamp(_rates.Of(column) * _prior.Shares[column], 0.001f, 0.999f), variance = share * (1 - share);
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
        ApplyPrior(row);
        TakeLearnedOff(row);
        for (int k = 0; k < Count; k++) terms[k] = _pulls[k] * TensorPrimitives.Dot<float>(Row(_columns[k]), Padded(_product));
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

    private void TakeLearnedOff(ReadOnlySpan<float> row)
    {
        if (Count == 0) return;
        fixed (float* x = row, along = _along) _kernels.Score(_learned.Start, (Count + 3) & ~3, _stride, x, along);
        Span<float> product = Padded(_product);
        for (int k = 0; k < Count; k++) TensorPrimitives.MultiplyAdd(Learned(k), -_along[k], product, product);
    }

    private void Grow()
    {
        var larger = new FactorMatrix(_learned.Rows * 2, _items.Factors);
        _learned.Padded[..(Count * _stride)].CopyTo(larger.Padded);
        _learned = larger;
        Array.Resize(ref _along, larger.Rows);
        Array.Resize(ref _columns, larger.Rows);
        Array.Resize(ref _pulls, larger.Rows);
    }

    private Span<float> Learned(int answer) => _learned.Padded.Slice(answer * _stride, _stride);

    private ReadOnlySpan<float> Row(int item) => new(_items.Start + (nint)item * _stride, _stride);

    private static Span<float> Padded(FactorMatrix single) => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(single.Padded), single.Stride);
}
