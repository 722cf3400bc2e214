using System.Numerics.Tensors;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Models;

namespace Recommender.Scoring;

/// <summary>
/// The exact terms of one person's scores. Those of the items that were answered are worked out together, sixteen at a time, when the first
/// of them is asked for: what they have in common is most of the work. One at a time uses it; it allocates only when there is more than ever
/// before.
/// </summary>
internal sealed class PersonalReasons(TrainedModel model, FoldIn foldIn, NeighbourScores neighbours, AnswerScores answers, HabitScores habits)
{
    private const int Together = VectorKernels.Sides;

    private readonly FactorMatrix _rows = new(Together, model.ItemFactors.Factors);
    private readonly int[] _together = new int[Together];
    private int[] _answered = new int[64];
    private float[] _terms = new float[Together * 64];
    private float[] _lookalikeTerms = new float[64];
    private int _answeredCount;
    private int _count;

    /// <summary>Forgets the last person, and expects to be asked for these items of the present one.</summary>
    public void Expect(ReadOnlySpan<ScoredItem> answered)
    {
        if (answered.Length > _answered.Length) _answered = new int[answered.Length * 2];
        for (int k = 0; k < answered.Length; k++) _answered[k] = answered[k].Item;
        (_answeredCount, _count) = (answered.Length, 0);
    }

    /// <summary>The largest positive terms of an item's score, largest first; how many there are.</summary>
    /// <param name="item">Any of the model's or a newcomer.</param>
    /// <param name="person">Whose score.</param>
    /// <param name="parts">What it is made of.</param>
    /// <param name="boost">What all terms are multiplied by.</param>
    /// <param name="reasons">Filled.</param>
    public int Of(int item, Evidence person, PersonalParts parts, float boost, Span<Reason> reasons)
    {
        int length = person.Items.Length, at = _together.AsSpan(0, _count).IndexOf(item);
        if (at < 0)
        {
            WorkOut(item, person, parts.Newcomers);
            at = _together.AsSpan(0, _count).IndexOf(item);
        }
        ReadOnlySpan<float> terms = _terms.AsSpan(at * length, length), ofAnswers = answers.TermsOf(at);
        float popular = parts.Added.Weight * (parts.Newcomers.Newcomers.Find(item)?.Popularity ?? model.Popularity.Means[item]), positive = Math.Max(popular, 0);
        foreach (float term in terms) positive += Math.Max(term, 0);
        foreach (float term in ofAnswers) positive += Math.Max(term, 0);
        var greatest = new GreatestReasons(reasons, positive, boost);
        greatest.Offer(-1, popular);
        for (int k = 0; k < length; k++) greatest.Offer(person.PositionOf(k), terms[k]);
        for (int k = 0; k < ofAnswers.Length; k++) greatest.Offer(person.PositionOf(length + k), ofAnswers[k]);
        return greatest.Count;
    }

    // The terms of an item and of those that were answered with it.
    private void WorkOut(int item, Evidence person, NewcomerScores newcomers)
    {
        int at = _answered.AsSpan(0, _answeredCount).IndexOf(item), first = at / Together * Together, length = person.Items.Length;
        // In this order: an item that is not known is refused, and nothing is left of it.
        (_count, _together[0]) = (0, item);
        if (at >= 0) _answered.AsSpan(first, Math.Min(Together, _answeredCount - first)).CopyTo(_together);
        ReadOnlySpan<int> items = _together.AsSpan(0, at < 0 ? 1 : Math.Min(Together, _answeredCount - first));
        for (int k = 0; k < items.Length; k++) newcomers.RowOf(items[k], model.ItemFactors).CopyTo(_rows.Padded[(k * _rows.Stride)..]);
        _count = items.Length;
        if (length * Together > _terms.Length) (_terms, _lookalikeTerms) = (new float[length * Together * 2], new float[length * 2]);
        Span<float> terms = _terms.AsSpan(0, _count * length);
        foldIn.Terms(_rows, _count, terms);
        TensorPrimitives.Multiply(terms, (float)model.Card.Recipe.Blend.Factors, terms);
        neighbours.AddTerms(items, person.Items, person.ItemConfidences, terms);
        answers.WorkOutTerms(items, _rows, terms);
        for (int k = 0; k < _count; k++)
        {
            Span<float> ofItem = terms.Slice(k * length, length);
            if (newcomers.Newcomers.Find(items[k]) is { } newcomer) AddLookalikeTerms(newcomer, person, ofItem);
            habits.AddTerms(items[k], person.Items, ofItem);
        }
    }

    private void AddLookalikeTerms(Newcomer newcomer, Evidence person, Span<float> terms)
    {
        ReadOnlySpan<int> items = person.Items;
        Span<float> ofLookalike = _lookalikeTerms.AsSpan(0, items.Length);
        for (int j = 0; j < newcomer.Lookalikes.Length; j++)
        {
            ofLookalike.Clear();
            neighbours.AddTerms([newcomer.Lookalikes[j]], items, person.ItemConfidences, ofLookalike);
            for (int k = 0; k < items.Length; k++)
            {
                if (items[k] == newcomer.Lookalikes[j]) ofLookalike[k] += neighbours.OfLookalike(items[k], person.ItemConfidences[k]);
            }
            TensorPrimitives.MultiplyAdd(ofLookalike, newcomer.Shares[j], terms, terms);
        }
    }
}
