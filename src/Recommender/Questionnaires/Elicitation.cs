using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Questionnaires;

/// <summary>
/// Chooses what to ask a person next: what is expected to take most of the uncertainty out of their ranking, times the chance that they
/// can answer it. It owns all scratch memory; one respondent at a time uses it, and a server keeps a pool. Answers may be told again in
/// any order, so a session needs no state but them.
/// </summary>
/// <remarks>
/// The belief is Gaussian (<see cref="Belief"/>), so what a question does to its covariance S is known before the answer. Uncertainty is
/// the sum over the items of <c>m_i^2 h_i'S h_i = tr(W S)</c> with <c>W = sum m_i^2 h_i h_i'</c>, m_i being the chance that the person
/// wants item i: only what may come to the top of the list is worth knowing. The answer to column j moves the mean
/// by <c>r c (a - e) / V</c>, with <c>c = S h_j</c> and V the variance of the answer, and so is expected to take <c>r^2 c'W c / V</c> off;
/// what the item says of itself alone does not count.
/// </remarks>
public sealed unsafe class Elicitation
{
    private const float LeastNoise = 0.02f;

    private readonly TrainedModel _model;
    private readonly VectorKernels _kernels;
    private readonly Belief _belief;
    private readonly ItemMask _asked;
    private readonly float[] _expected;
    private readonly FactorMatrix _weights;
    private readonly FactorMatrix _covariance;
    private readonly FactorMatrix _half;
    private readonly FactorMatrix _influence;
    private readonly FactorMatrix _rows;
    private readonly FactorMatrix _products;
    private readonly FactorMatrix _weighted;
    private FactorMatrix _gained;
    private ItemMask? _ranked;
    private double _uncertainty;
    private bool _stale;

    public Elicitation(TrainedModel model) : this(model, VectorKernels.Best) { }

    internal Elicitation(TrainedModel model, VectorKernels kernels)
    {
        (_model, _kernels) = (model, kernels);
        _belief = new Belief(model.ItemFactors, model.Taste, model.Rates, kernels);
        _asked = new ItemMask(model.Items.Count);
        _expected = new float[FactorMatrix.PaddedRows(model.Items.Count)];
        int factors = model.ItemFactors.Factors, square = RoundUp(model.ItemFactors.Stride);
        _weights = new FactorMatrix(square, factors);
        _covariance = new FactorMatrix(square, factors);
        _half = new FactorMatrix(square, factors);
        _influence = new FactorMatrix(square, factors);
        _rows = new FactorMatrix(RoundUp(FactorMatrix.RowBlock), factors);
        _products = new FactorMatrix(RoundUp(FactorMatrix.RowBlock), factors);
        _weighted = FactorMatrix.Vector(factors);
        _gained = new FactorMatrix(16, factors);
    }

    /// <summary>Begins with a person of whom nothing is known.</summary>
    /// <param name="ranked">The items that may be recommended; answer options are not among them. Not copied.</param>
    public void Start(ItemMask ranked)
    {
        if (ranked.Length < _model.Items.Count)
            throw new ArgumentException($"The mask covers {ranked.Length} items, the model has {_model.Items.Count}.", nameof(ranked));
        _ranked = ranked;
        _belief.Start();
        _asked.ClearAll();
        _stale = true;
    }

    /// <summary>Takes in an answer, or an item of the history. A column that was told is not proposed any more.</summary>
    /// <param name="column">An item or an answer's option, by its number in the model.</param>
    /// <param name="yes">Whether it was chosen. Options of a choice that were not chosen are told as no.</param>
    /// <param name="confidence">1 is one clear answer; an option that stands for several items tells each with its part of 1.</param>
    public void Tell(int column, bool yes, float confidence = 1)
    {
        RequireStarted();
        RequireKnown([column]);
        if (!(confidence > 0 && float.IsFinite(confidence)))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence is positive and finite.");
        _belief.Observe(column, yes, confidence);
        _asked.Set(column);
        _stale = true;
    }

    /// <summary>The chance that the person says yes to a column when asked about it, by what was told so far.</summary>
    public float ChanceOf(int column)
    {
        RequireStarted();
        RequireKnown([column]);
        return _belief.ChanceOf(column);
    }

    /// <summary>
    /// The part of the present uncertainty, 0 to 1, that a question about all these columns is expected to take away. Comparable with
    /// that of any other question and with a threshold.
    /// </summary>
    /// <param name="columns">The options of a choice or scale, or all columns that options stand for.</param>
    /// <param name="confidences">As many, or empty where each is 1.</param>
    /// <param name="chanceAnswered">That it is not skipped.</param>
    public double ExpectedGain(ReadOnlySpan<int> columns, ReadOnlySpan<float> confidences, double chanceAnswered)
    {
        RequireStarted();
        RequireKnown(columns);
        if (!confidences.IsEmpty && confidences.Length != columns.Length)
            throw new ArgumentException($"{columns.Length} columns, {confidences.Length} confidences.", nameof(confidences));
        Refresh();
        if (_gained.Rows < columns.Length) _gained = new FactorMatrix(columns.Length * 2, _model.ItemFactors.Factors);
        double reduction = 0;
        for (int k = 0; k < columns.Length; k++) reduction += Observe(columns[k], confidences.IsEmpty ? 1 : confidences[k], k);
        return Relative(reduction) * chanceAnswered;
    }

    /// <summary>The same of the question whether the person knows or likes one item: they can answer as likely as they say yes.</summary>
    public double ExpectedGain(int item)
    {
        RequireStarted();
        RequireKnown([item]);
        Refresh();
        Span<double> gains = stackalloc double[1];
        GainsOf([item], gains);
        return gains[0];
    }

    /// <summary>The item worth asking about most, of those not told yet.</summary>
    /// <param name="candidates">Items that may be asked about.</param>
    /// <param name="shortlist">Only so many of them are looked at, the most popular first; people seldom know others.</param>
    /// <param name="best">The item, its gain and the chance of a yes.</param>
    /// <returns>False where nothing is left to ask.</returns>
    public bool TryBestItem(ItemMask candidates, int shortlist, out ItemQuestion best)
    {
        RequireStarted();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shortlist);
        Refresh();
        best = new ItemQuestion(-1, double.NegativeInfinity, 0);
        Span<int> items = stackalloc int[FactorMatrix.RowBlock];
        int waiting = 0, left = shortlist;
        foreach (int item in _model.Popularity.Order)
        {
            if (left == 0) break;
            if (!candidates[item] || _asked[item]) continue;
            left--;
            items[waiting++] = item;
            if (waiting < items.Length) continue;
            Consider(items, ref best);
            waiting = 0;
        }
        Consider(items[..waiting], ref best);
        return best.Item >= 0;
    }

    /// <summary>What is uncertain now over what was at the start, 0 to 1, both weighed by what the person may want now.</summary>
    public double Uncertainty
    {
        get
        {
            RequireStarted();
            Refresh();
            double atStart = 0;
            for (int i = 0; i < _model.ItemFactors.Factors; i++)
                atStart += TensorPrimitives.Dot(_weights.Row(i), _model.Taste.Covariance.Row(i));
            return atStart > 0 ? _uncertainty / atStart : 0;
        }
    }

    /// <summary>The chance that a question is answered when it is put, by how it was answered before the model was trained.</summary>
    public double ChanceAnswered(string questionnaireId, string questionId) =>
        _model.Card.Responses.GetValueOrDefault(AnswerColumns.QuestionOf(questionnaireId, questionId), ResponseCounts.Unknown);

    private void Consider(ReadOnlySpan<int> items, ref ItemQuestion best)
    {
        Span<double> gains = stackalloc double[FactorMatrix.RowBlock];
        GainsOf(items, gains);
        for (int k = 0; k < items.Length; k++)
        {
            if (gains[k] > best.Gain) best = new ItemQuestion(items[k], gains[k], _belief.ChanceOf(items[k]));
        }
    }

    // At most a block of items: their rows times S and S W S at once.
    private void GainsOf(ReadOnlySpan<int> items, Span<double> gains)
    {
        if (items.IsEmpty) return;
        int stride = _model.ItemFactors.Stride;
        Span<float> rows = _rows.Padded;
        for (int k = 0; k < items.Length; k++) Row(items[k]).CopyTo(rows.Slice(k * stride, stride));
        Span<float> variances = stackalloc float[FactorMatrix.RowBlock];
        Span<float> reductions = stackalloc float[FactorMatrix.RowBlock];
        Quadratics(_covariance, items.Length, variances);
        Quadratics(_influence, items.Length, reductions);
        for (int k = 0; k < items.Length; k++)
        {
            int item = items[k];
            float slope = _belief.SlopeOf(item), wanted = Weight(item);
            double ofOthers = reductions[k] - (double)wanted * wanted * variances[k] * variances[k];
            gains[k] = Relative(slope * slope * ofOthers / AnswerVariance(item, variances[k])) * _belief.ChanceOf(item);
        }
    }

    // That of a yes-or-no answer with its present chance; never less than what taste alone makes of it.
    private float AnswerVariance(int column, float variance)
    {
        float slope = _belief.SlopeOf(column), chance = _belief.ChanceOf(column);
        return Math.Max(chance * (1 - chance), (1 + LeastNoise) * slope * slope * variance);
    }

    // x'Q x of the first rows.
    private void Quadratics(FactorMatrix square, int count, Span<float> results)
    {
        int stride = _model.ItemFactors.Stride;
        _kernels.MultiplyBlock(_rows.Start, RoundUp(count), square.Start, stride, _products.Start);
        for (int k = 0; k < count; k++)
            results[k] = TensorPrimitives.Dot<float>(_rows.Padded.Slice(k * stride, stride), _products.Padded.Slice(k * stride, stride));
    }

    // What one more column takes off after those before it in the same question.
    private double Observe(int column, float confidence, int at)
    {
        int stride = _model.ItemFactors.Stride;
        _belief.Propose(column, confidence, out _);
        ReadOnlySpan<float> row = Row(column);
        Span<float> product = _belief.Product.Padded;
        for (int k = 0; k < at; k++)
        {
            Span<float> before = _gained.Padded.Slice(k * stride, stride);
            TensorPrimitives.MultiplyAdd(before, -TensorPrimitives.Dot<float>(before, row), product, product);
        }
        float slope = _belief.SlopeOf(column), own = Math.Max(0, TensorPrimitives.Dot<float>(product, row));
        float variance = AnswerVariance(column, own) + AnswerVariance(column, 0) * (1 / confidence - 1);
        _kernels.Score(_weights.Start, stride, stride, _belief.Product.Start, _weighted.Start);
        double reduction = TensorPrimitives.Dot<float>(product, _weighted.Padded) - (double)Weight(column) * Weight(column) * own * own;
        TensorPrimitives.Multiply(product, slope / MathF.Sqrt(variance), _gained.Padded.Slice(at * stride, stride));
        return slope * slope * reduction / variance;
    }

    private void Refresh()
    {
        if (!_stale) return;
        _stale = false;
        int items = _model.Items.Count, stride = _model.ItemFactors.Stride;
        _weights.Padded.Clear();
        for (int first = 0; first < items; first += FactorMatrix.RowBlock)
        {
            float* block = _model.ItemFactors.Start + (nint)first * stride;
            fixed (float* scores = &_expected[first]) _kernels.Score(block, FactorMatrix.RowBlock, stride, _belief.Mean.Start, scores);
            int count = Math.Min(FactorMatrix.RowBlock, items - first), wanted = 0;
            for (int k = 0; k < count; k++)
            {
                _expected[first + k] += _model.Taste.Shares[first + k];
                if (Weight(first + k) is > 0 and var weight)
                    TensorPrimitives.Multiply(Row(first + k), weight, _rows.Padded.Slice(wanted++ * stride, stride));
            }
            if (wanted > 0) _kernels.AddGramian(_rows.Start, wanted, stride, _weights.Start);
        }
        Gramian.MirrorUpperTriangle(_weights, stride);
        _belief.CopyCovariance(_covariance);
        _kernels.MultiplyBlock(_covariance.Start, _covariance.Rows, _weights.Start, stride, _half.Start);
        _kernels.MultiplyBlock(_half.Start, _half.Rows, _covariance.Start, stride, _influence.Start);
        _uncertainty = TensorPrimitives.Dot<float>(_weights.Padded, _covariance.Padded);
    }

    // The chance that the person wants an item, which its uncertainty is weighed by.
    private float Weight(int item) => _ranked![item] ? Math.Max(0, _expected[item]) : 0;

    private double Relative(double reduction) => _uncertainty > 0 ? Math.Clamp(reduction / _uncertainty, 0, 1) : 0;

    private void RequireStarted()
    {
        if (_ranked is null) throw new InvalidOperationException("Call Start first: an elicitation belongs to one respondent.");
    }

    private void RequireKnown(ReadOnlySpan<int> columns)
    {
        foreach (int column in columns)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)_model.Items.Count, nameof(columns));
    }

    private ReadOnlySpan<float> Row(int item) =>
        new(_model.ItemFactors.Start + (nint)item * _model.ItemFactors.Stride, _model.ItemFactors.Stride);

    private static int RoundUp(int rows) => (rows + VectorKernels.BlockRows - 1) / VectorKernels.BlockRows * VectorKernels.BlockRows;
}

/// <param name="Item">What to ask about, by its number in the model.</param>
/// <param name="Gain">The part of the present uncertainty that the question is expected to take away, 0 to 1.</param>
/// <param name="Chance">That the answer is yes.</param>
public readonly record struct ItemQuestion(int Item, double Gain, double Chance);
