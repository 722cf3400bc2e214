using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Recommender.Models;
using Recommender.Similarity;

namespace Recommender.Scoring;

/// <summary>
/// What a model's item-item parts say of a history: each part's scores in proportion to its greatest, times the part's weight, so that a
/// weight means the same whatever the kind and the data. One at a time uses it; it allocates nothing.
/// </summary>
internal sealed class NeighbourScores
{
    // Neighbours that are compared together: bits of a word.
    private const int Chunk = 32;

    private readonly TrainedModel _model;
    // Of one part.
    private readonly SparseScores _sums;
    // Made when items alike are asked for first.
    private SparseScores? _similar;
    // What a similarity counts, by part, in the last history.
    private readonly float[] _scales;
    // The same in what was asked for last that is alike: the history's are still to be asked for its reasons.
    private readonly float[] _similarScales;

    public NeighbourScores(TrainedModel model)
    {
        (_model, _sums) = (model, new SparseScores(model.Items.Count));
        (_scales, _similarScales) = (new float[model.Similarities.Length], new float[model.Similarities.Length]);
    }

    /// <summary>Adds every part's scores of a history to those of the items.</summary>
    public void AddTo(AddedScores scores, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        double confidence = TensorPrimitives.Sum(confidences), share = _model.Card.Recipe.Blend.NeighbourShare(confidence);
        for (int part = 0; part < _scales.Length; part++)
        {
            _scales[part] = Sum(part, items, confidences, share * _model.Card.Recipe.Similarities[part].WeightAt(confidence));
            if (_scales[part] > 0) scores.Take(_sums, _scales[part]);
            else _sums.Clear();
        }
    }

    /// <summary>
    /// What the parts say of items alone, whatever their number, and of each item itself as much as of the nearest to it, for what is just
    /// like it: good until the next call.
    /// </summary>
    public SparseScores Similar(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        SparseScores similar = _similar ??= new SparseScores(_model.Items.Count);
        similar.Clear();
        for (int part = 0; part < _scales.Length; part++)
        {
            double weight = _model.Card.Recipe.Similarities[part].WeightAt(TensorPrimitives.Sum(confidences));
            _similarScales[part] = Sum(part, items, confidences, weight);
            if (_similarScales[part] > 0) similar.Add(_sums, _similarScales[part]);
            _sums.Clear();
        }
        for (int k = 0; k < items.Length; k++) similar.Add(items[k], OfLookalike(items[k], confidences[k], _similarScales));
        return similar;
    }

    /// <summary>
    /// Adds to each item of the last history's terms of items' scores what the parts make of it, in one pass over its neighbours.
    /// </summary>
    /// <param name="scored">The items; each once.</param>
    /// <param name="items">The history.</param>
    /// <param name="confidences">As many.</param>
    /// <param name="terms">As many as the history has items for the first, then for the second ...</param>
    public void AddTerms(ReadOnlySpan<int> scored, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, Span<float> terms)
    {
        for (int part = 0; part < _scales.Length; part++)
        {
            for (int k = 0; k < items.Length && _scales[part] > 0; k++)
            {
                ReadOnlySpan<int> neighbours = _model.Similarities[part].Of(items[k]);
                ReadOnlySpan<float> similarities = _model.Similarities[part].SimilaritiesOf(items[k]);
                float factor = _scales[part] * confidences[k];
                int at = 0;
                for (; at + Chunk <= neighbours.Length; at += Chunk)
                {
                    for (uint hits = In(neighbours.Slice(at, Chunk), scored); hits != 0; hits &= hits - 1)
                    {
                        int hit = at + BitOperations.TrailingZeroCount(hits);
                        terms[scored.IndexOf(neighbours[hit]) * items.Length + k] += factor * similarities[hit];
                    }
                }
                for (; at < neighbours.Length; at++)
                {
                    if (scored.IndexOf(neighbours[at]) is >= 0 and var hit) terms[hit * items.Length + k] += factor * similarities[at];
                }
            }
        }
    }

    // Bit k where number k of a chunk is among the others.
    private static uint In(ReadOnlySpan<int> chunk, ReadOnlySpan<int> others)
    {
        Vector256<int> a = Vector256.Create(chunk), b = Vector256.Create(chunk[8..]);
        Vector256<int> c = Vector256.Create(chunk[16..]), d = Vector256.Create(chunk[24..]);
        Vector256<int> inA = default, inB = default, inC = default, inD = default;
        foreach (int other in others)
        {
            Vector256<int> all = Vector256.Create(other);
            inA |= Vector256.Equals(a, all);
            inB |= Vector256.Equals(b, all);
            inC |= Vector256.Equals(c, all);
            inD |= Vector256.Equals(d, all);
        }
        if ((inA | inB | inC | inD) == Vector256<int>.Zero) return 0;
        return inA.ExtractMostSignificantBits() | inB.ExtractMostSignificantBits() << 8
            | inC.ExtractMostSignificantBits() << 16 | inD.ExtractMostSignificantBits() << 24;
    }

    /// <summary>What an item of the last history is worth to one just like it: as much as to the nearest to it.</summary>
    public float OfLookalike(int item, float confidence) => OfLookalike(item, confidence, _scales);

    private float OfLookalike(int item, float confidence, float[] scales)
    {
        float sum = 0;
        for (int part = 0; part < scales.Length; part++) sum += scales[part] * confidence * Nearest(_model.Similarities[part], item);
        return sum;
    }

    private static float Nearest(ItemNeighbours part, int item) =>
        part.SimilaritiesOf(item) is [var nearest, ..] ? Math.Max(0, nearest) : 0;

    // What a part makes of a history, and what a similarity counts: 0 where nothing speaks for anything.
    private float Sum(int part, ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, double weight)
    {
        if (weight == 0) return 0;
        _sums.AddNeighbours(_model.Similarities[part], items, confidences);
        float greatest = _sums.Greatest(), scale = greatest > 0 ? (float)(weight / greatest) : 0;
        return float.IsFinite(scale) ? scale : 0; // all too small to be told apart
    }
}
