using System.Numerics.Tensors;
using Recommender.Models;
using Recommender.Similarity;

namespace Recommender.Scoring;

/// <summary>
/// What a model's item-item parts say of a history: each part's scores in proportion to its greatest, times the part's weight, so that a
/// weight means the same whatever the kind and the data. One at a time uses it; it allocates nothing.
/// </summary>
internal sealed class NeighbourScores
{
    private readonly TrainedModel _model;
    // Of one part: sums by item, and the items that have one, each once.
    private readonly float[] _sums;
    private readonly bool[] _isTouched;
    private readonly int[] _touched;
    private int _count;
    private readonly float[] _similar;
    // What a similarity counts, by part, in the last history.
    private readonly float[] _scales;

    public NeighbourScores(TrainedModel model)
    {
        int items = model.Items.Count;
        (_model, _sums, _isTouched, _touched, _similar) = (model, new float[items], new bool[items], new int[items], new float[items]);
        _scales = new float[model.Similarities.Length];
    }

    /// <summary>Adds every part's scores of a history to those of the items.</summary>
    public void AddTo(AddedScores scores, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        double confidence = TensorPrimitives.Sum(confidences), share = _model.Card.Recipe.Blend.NeighbourShare(confidence);
        for (int part = 0; part < _scales.Length; part++)
        {
            _scales[part] = 0;
            double weight = share * _model.Card.Recipe.Similarities[part].WeightAt(confidence);
            if (weight == 0) continue;
            for (int k = 0; k < items.Length; k++) Spread(_model.Similarities[part], items[k], confidences[k]);
            _scales[part] = Scale(weight);
            foreach (int item in Touched) scores.Add(item, _scales[part] * _sums[item]);
            Forget();
        }
    }

    /// <summary>Adds to each item of the last history's term of an item's score what the parts make of it.</summary>
    public void AddTerms(int item, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, Span<float> terms)
    {
        for (int part = 0; part < _scales.Length; part++)
        {
            ItemNeighbours neighbours = _model.Similarities[part];
            for (int k = 0; k < items.Length && _scales[part] > 0; k++)
            {
                int at = neighbours.Of(items[k]).IndexOf(item);
                if (at >= 0) terms[k] += _scales[part] * confidences[k] * neighbours.SimilaritiesOf(items[k])[at];
            }
        }
    }

    /// <summary>What an item of the last history is worth to one just like it: as much as to the nearest to it.</summary>
    public float OfLookalike(int item, float confidence)
    {
        float sum = 0;
        for (int part = 0; part < _scales.Length; part++) sum += _scales[part] * confidence * Nearest(_model.Similarities[part], item);
        return sum;
    }

    /// <summary>What the parts say of items alone, whatever their number: a score an item, good until the next call.</summary>
    public Span<float> Similar(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        Array.Clear(_similar);
        for (int part = 0; part < _scales.Length; part++)
        {
            double weight = _model.Card.Recipe.Similarities[part].WeightAt(TensorPrimitives.Sum(confidences));
            _scales[part] = 0;
            if (weight == 0) continue;
            for (int k = 0; k < items.Length; k++) Spread(_model.Similarities[part], items[k], confidences[k]);
            _scales[part] = Scale(weight);
            foreach (int item in Touched) _similar[item] += _scales[part] * _sums[item];
            Forget();
        }
        return _similar;
    }

    private static float Nearest(ItemNeighbours part, int item) => part.SimilaritiesOf(item) is [var nearest, ..] ? Math.Max(0, nearest) : 0;

    // Adds an item's similarity to each of its neighbours.
    private void Spread(ItemNeighbours part, int item, float confidence)
    {
        ReadOnlySpan<int> neighbours = part.Of(item);
        ReadOnlySpan<float> similarities = part.SimilaritiesOf(item);
        for (int k = 0; k < neighbours.Length; k++)
        {
            int neighbour = neighbours[k];
            if (!_isTouched[neighbour]) (_isTouched[neighbour], _touched[_count++]) = (true, neighbour);
            _sums[neighbour] += confidence * similarities[k];
        }
    }

    private ReadOnlySpan<int> Touched => _touched.AsSpan(0, _count);

    // What a similarity counts, 0 where nothing speaks for anything.
    private float Scale(double weight)
    {
        float greatest = 0;
        foreach (int item in Touched) greatest = Math.Max(greatest, _sums[item]);
        float scale = greatest > 0 ? (float)(weight / greatest) : 0;
        return float.IsFinite(scale) ? scale : 0; // all too small to be told apart
    }

    private void Forget()
    {
        foreach (int item in Touched) (_sums[item], _isTouched[item]) = (0, false);
        _count = 0;
    }
}
