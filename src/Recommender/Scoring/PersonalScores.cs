using System.Collections.Immutable;
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
    private readonly Evidence _person;
    private readonly AnswerScores _answers;
    private readonly HabitScores _habits;
    private readonly PersonalReasons _reasons;

    public PersonalScores(TrainedModel model, VectorKernels kernels)
    {
        (_model, Parts) = (model, new PersonalParts(model, kernels));
        _foldIn = new FoldIn(model.ItemFactors, model.Spectrum, model.Card.Recipe.Factorization, kernels);
        _scan = new FactorScan(model.ItemFactors, kernels, model.Codes);
        _person = new Evidence(model.Rates);
        (_answers, _habits) = (new AnswerScores(model, kernels), new HabitScores(model, _foldIn));
        Neighbours = new NeighbourScores(model);
        _reasons = new PersonalReasons(model, _foldIn, Neighbours, _answers, _habits);
    }

    public NeighbourScores Neighbours { get; }

    /// <summary>The last person's. Others may be put in their place before the next: a batch has several people under way.</summary>
    public PersonalParts Parts { get; set; }

    /// <summary>Of all scores that come out.</summary>
    public ImmutableArray<Boost> Boosts { get; set; } = [];

    /// <summary>Works out the scores of somebody.</summary>
    /// <param name="items">The history and what was chosen.</param>
    /// <param name="confidences">As many.</param>
    /// <param name="refused">What was asked about and not chosen.</param>
    /// <param name="answered">Whether answers are read by themselves.</param>
    /// <param name="expected">What may come back.</param>
    public void Of(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, bool answered,
        ReadOnlySpan<DueItem> expected)
    {
        _person.Read(items, confidences, answered);
        _foldIn.Solve(_person.Items, _person.ItemConfidences);
        _answers.Weigh(_person, answered);
        float popularity = _model.Card.Recipe.Prior.Weight(TensorPrimitives.Sum(_person.ItemConfidences));
        Parts.Start(_foldIn.Vector, (float)_model.Card.Recipe.Blend.Factors, Math.Max(popularity, _answers.Weight));
        Neighbours.AddTo(Parts.Added, _person.Items, _person.ItemConfidences);
        AddNewcomers(refused, expected);
        _answers.AddTo(Parts.Vector, Parts.Added, _person, refused);
        _habits.AddTo(Parts.Added, Parts.Vector, _scan, _person.Items, expected);
        _reasons.Expect([]);
    }

    /// <summary>Offers every item that may be answered.</summary>
    public void Offer(ItemMask eligible, ItemMask excluded, ref TopHeap heap)
    {
        _scan.Offer(Parts.Vector, Parts.Added, eligible, excluded, ref heap, Boosts.AsSpan());
        Parts.Newcomers.Offer(Parts.Vector, eligible, excluded, Boosts.AsSpan(), ref heap);
    }

    /// <summary>Expects to be asked for the reasons of these items: they are worked out together.</summary>
    public void Expect(ReadOnlySpan<ScoredItem> answered) => _reasons.Expect(answered);

    /// <summary>The score of one, the same to the bit as in <see cref="Offer"/>.</summary>
    public float Score(int item) => Score(item, Boosts.AsSpan());

    /// <summary>How uncertain it still is whether the person would choose an item.</summary>
    public float Uncertainty(int item) => _answers.Uncertainty(Parts.Newcomers.RowOf(item, _model.ItemFactors), _person);

    /// <summary>The largest positive terms of an item's score, largest first; how many there are.</summary>
    public int Reasons(int item, Span<Reason> reasons)
    {
        float boost = Boosts.IsEmpty ? 1 : Boost.FactorOf(Boosts.AsSpan(), item);
        if (boost != 1 && !(Score(item, []) > 0)) boost = 1 / boost;
        return _reasons.Of(item, _person, Parts, boost, reasons);
    }

    private float Score(int item, ReadOnlySpan<Boost> boosts) => TopHeap.Counted(Parts.Newcomers.Newcomers.Contains(item)
        ? Parts.Newcomers.Score(Parts.Vector, item, boosts)
        : _scan.Score(Parts.Vector, Parts.Added, item, boosts));

    // What a history's item is worth to itself no neighbour says, and to what looks like it, it is worth most.
    private void AddNewcomers(ReadOnlySpan<int> refused, ReadOnlySpan<DueItem> expected)
    {
        if (Parts.Newcomers.Newcomers.Blocks.IsEmpty) return;
        Parts.Newcomers.Keep(_person.Items, refused, expected);
        for (int k = 0; k < _person.Items.Length; k++)
            Parts.Newcomers.Raise(_person.Items[k], Neighbours.OfLookalike(_person.Items[k], _person.ItemConfidences[k]));
    }
}
