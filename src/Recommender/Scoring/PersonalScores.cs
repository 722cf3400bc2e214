using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Models;
using Recommender.Repeats;

namespace Recommender.Scoring;

/// <summary>
/// One person's scores of all items: a vector for the product with the items' factors, and what is added to it item by item. One at a time
/// uses it; it allocates only when more is known of somebody than ever before of anybody.
/// </summary>
internal sealed class PersonalScores
{
    private readonly TrainedModel _model;
    private readonly FoldIn _foldIn;
    private readonly FactorScan _scan;
    private readonly FactorMatrix _vector;
    private readonly AddedScores _added;
    private readonly Evidence _person;
    private readonly AnswerScores _answers;
    private readonly HabitScores _habits;
    private float _priorWeight;
    private float[] _terms = new float[64];
    private float[] _lookalikeTerms = new float[64];

    public PersonalScores(TrainedModel model, VectorKernels kernels)
    {
        _model = model;
        _foldIn = new FoldIn(model.ItemFactors, model.Spectrum, model.Card.Recipe.Factorization, kernels);
        _vector = new FactorMatrix(1, model.ItemFactors.Factors);
        _scan = new FactorScan(model.ItemFactors, kernels, model.Codes);
        _added = new AddedScores(model.Popularity.Means);
        _person = new Evidence(model.Rates);
        (_answers, _habits) = (new AnswerScores(model, kernels), new HabitScores(model, _foldIn));
        Neighbours = new NeighbourScores(model);
        Newcomers = new NewcomerScores(kernels) { Newcomers = ColdStart.Newcomers.None(model.Items.Count) };
    }

    public NeighbourScores Neighbours { get; }

    public NewcomerScores Newcomers { get; }

    /// <summary>Works out the scores of somebody.</summary>
    /// <param name="items">The history and what was chosen.</param>
    /// <param name="confidences">As many.</param>
    /// <param name="refused">What was asked about and not chosen.</param>
    /// <param name="answered">Whether answers are read by themselves.</param>
    /// <param name="expected">What may come back.</param>
    public void Of(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, bool answered, ReadOnlySpan<DueItem> expected)
    {
        _person.Read(items, confidences, answered);
        _foldIn.Solve(_person.Items, _person.ItemConfidences);
        _answers.Weigh(_person, answered);
        _priorWeight = Math.Max(_model.Card.Recipe.Prior.Weight(TensorPrimitives.Sum(_person.ItemConfidences)), _answers.Weight);
        _added.Start(_priorWeight);
        Neighbours.AddTo(_added, _person.Items, _person.ItemConfidences);
        AddNewcomers();
        TensorPrimitives.Multiply(_foldIn.Vector.Padded, (float)_model.Card.Recipe.Blend.Factors, _vector.Padded);
        _answers.AddTo(_vector, _added, _person, refused);
        _habits.AddTo(_added, _vector, _scan, _person.Items, expected);
    }

    /// <summary>Offers every item that may be answered.</summary>
    public void Offer(ItemMask eligible, ItemMask excluded, ref TopHeap heap)
    {
        _scan.Offer(_vector, _added, eligible, excluded, ref heap);
        Newcomers.Offer(_vector, eligible, excluded, ref heap);
    }

    /// <summary>The score of one, the same to the bit as in <see cref="Offer"/>.</summary>
    public float Score(int item) => Newcomers.Newcomers.Contains(item) ? Newcomers.Score(_vector, item) : _scan.Score(_vector, _added, item);

    /// <summary>How uncertain it still is whether the person would choose an item.</summary>
    public float Uncertainty(int item) => _answers.Uncertainty(RowOf(item), _person);

    /// <summary>The largest positive terms of an item's score, largest first; how many there are.</summary>
    public int Reasons(int item, Span<Reason> reasons)
    {
        int length = _person.Items.Length;
        Reserve(length);
        ReadOnlySpan<float> row = RowOf(item);
        Span<float> terms = _terms.AsSpan(0, length);
        _foldIn.Terms(row, terms);
        TensorPrimitives.Multiply(terms, (float)_model.Card.Recipe.Blend.Factors, terms);
        AddNeighbourTerms(item, terms);
        _habits.AddTerms(item, _person.Items, terms);
        ReadOnlySpan<float> ofAnswers = _answers.AddTerms(item, row, terms);
        float prior = _priorWeight * (Newcomers.Newcomers.Find(item)?.Popularity ?? _model.Popularity.Means[item]), positive = Math.Max(prior, 0);
        foreach (float term in terms) positive += Math.Max(term, 0);
        foreach (float term in ofAnswers) positive += Math.Max(term, 0);
        var greatest = new GreatestReasons(reasons, positive);
        greatest.Offer(-1, prior);
        for (int k = 0; k < length; k++) greatest.Offer(_person.PositionOf(k), terms[k]);
        for (int k = 0; k < ofAnswers.Length; k++) greatest.Offer(_person.PositionOf(length + k), ofAnswers[k]);
        return greatest.Count;
    }

    // What a history's item is worth to itself no neighbour says, and to what looks like it, it is worth most.
    private void AddNewcomers()
    {
        if (Newcomers.Newcomers.Blocks.IsEmpty) return;
        Newcomers.Take(_added);
        for (int k = 0; k < _person.Items.Length; k++)
            Newcomers.Raise(_person.Items[k], Neighbours.OfLookalike(_person.Items[k], _person.ItemConfidences[k]));
    }

    private void AddNeighbourTerms(int item, Span<float> terms)
    {
        ReadOnlySpan<int> items = _person.Items;
        ReadOnlySpan<float> confidences = _person.ItemConfidences;
        if (Newcomers.Newcomers.Find(item) is not { } newcomer)
        {
            Neighbours.AddTerms(item, items, confidences, terms);
            return;
        }
        Span<float> ofLookalike = _lookalikeTerms.AsSpan(0, items.Length);
        for (int j = 0; j < newcomer.Lookalikes.Length; j++)
        {
            ofLookalike.Clear();
            Neighbours.AddTerms(newcomer.Lookalikes[j], items, confidences, ofLookalike);
            for (int k = 0; k < items.Length; k++)
            {
                if (items[k] == newcomer.Lookalikes[j]) ofLookalike[k] += Neighbours.OfLookalike(items[k], confidences[k]);
            }
            TensorPrimitives.MultiplyAdd(ofLookalike, newcomer.Shares[j], terms, terms);
        }
    }

    private ReadOnlySpan<float> RowOf(int item)
    {
        if (Newcomers.Newcomers.Contains(item)) return Newcomers.Row(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)_model.Items.Count, nameof(item));
        return _model.ItemFactors.Padded.Slice(item * _model.ItemFactors.Stride, _model.ItemFactors.Stride);
    }

    private void Reserve(int length)
    {
        if (length > _terms.Length) (_terms, _lookalikeTerms) = (new float[length * 2], new float[length * 2]);
    }
}
