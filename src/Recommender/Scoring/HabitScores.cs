using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Models;
using Recommender.Repeats;

namespace Recommender.Scoring;

/// <summary>
/// What a person's habits add to the scores of items that may come back. One at a time uses it; it allocates only when there are more of
/// them than ever before.
/// </summary>
internal sealed class HabitScores(TrainedModel model, FoldIn foldIn)
{
    // Above this an item is nearly all that its own score is made of.
    private const float MostOwn = 0.95f;

    private readonly List<ScoredItem> _gains = [];
    private readonly FactorMatrix _rows = new(VectorKernels.Sides, model.ItemFactors.Factors);
    private float[] _terms = new float[64 * VectorKernels.Sides];

    /// <summary>Adds what the habits make of today.</summary>
    /// <param name="added">To the scores, by item; all else is in it.</param>
    /// <param name="vector">That is scored.</param>
    /// <param name="scan">Scores one by the other.</param>
    /// <param name="items">The history that was folded in.</param>
    /// <param name="expected">What was bought; empty where nothing comes back.</param>
    public void AddTo(AddedScores added, FactorMatrix vector, FactorScan scan, ReadOnlySpan<int> items, ReadOnlySpan<DueItem> expected)
    {
        _gains.Clear();
        if (expected.IsEmpty) return;
        ForgetOwn(added, items);
        foreach (DueItem due in expected)
        {
            float more = due.Gain - (1 - due.Due) * Math.Max(0, scan.Score(vector, added, due.Item));
            added.Add(due.Item, more);
            _gains.Add(new ScoredItem(due.Item, more));
        }
    }

    /// <summary>Adds to the terms of an item's score what its own habit adds: a habit speaks through the item itself.</summary>
    public void AddTerms(int item, ReadOnlySpan<int> items, Span<float> terms)
    {
        foreach (ScoredItem gain in _gains)
        {
            int at = gain.Item == item ? items.IndexOf(item) : -1;
            if (at >= 0) terms[at] += gain.Score;
        }
    }

    // That somebody has an item is in their vector and says nothing of whether they want another one: beside what they have not, it is to
    // be ranked as if it were not known. With its own term t of the score s, a ridge regression without it would say (s - t) / (1 - t).
    private void ForgetOwn(AddedScores added, ReadOnlySpan<int> items)
    {
        if (items.Length * VectorKernels.Sides > _terms.Length) _terms = new float[items.Length * VectorKernels.Sides * 2];
        float factors = (float)model.Card.Recipe.Blend.Factors;
        for (int first = 0; first < items.Length; first += VectorKernels.Sides)
        {
            int count = Math.Min(VectorKernels.Sides, items.Length - first);
            for (int k = 0; k < count; k++) model.ItemFactors.PaddedRow(items[first + k]).CopyTo(_rows.Padded[(k * _rows.Stride)..]);
            foldIn.Terms(_rows, count, _terms);
            for (int k = 0; k < count; k++)
            {
                ReadOnlySpan<float> terms = _terms.AsSpan(k * items.Length, items.Length);
                float score = TensorPrimitives.Sum(terms), own = Math.Min(terms[first + k], MostOwn);
                float less = factors * ((score - own) / (1 - own) - score);
                added.Add(items[first + k], less);
                _gains.Add(new ScoredItem(items[first + k], less));
            }
        }
    }
}
