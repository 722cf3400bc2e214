using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Models;

namespace Recommender.Scoring;

/// <summary>
/// What somebody's answers say when they are read by themselves: a "no" is evidence, and what was not asked is none. The more is known of
/// the person, the less it counts. One at a time uses it; it allocates only when there are more answers than ever before.
/// </summary>
internal sealed class AnswerScores(TrainedModel model, VectorKernels kernels)
{
    private const int MostAnswers = 64;

    // As of the items, but a list of many is often refused at once. What a further one says costs as much as all before it.
    private const int MostRefusals = 256;

    private readonly Belief _belief = new(model.ItemFactors, model.Taste, model.Rates, kernels);
    private readonly FactorMatrix _rows = new(VectorKernels.Sides, model.ItemFactors.Factors);
    // Of each of the items whose terms were worked out last.
    private float[] _terms = new float[64 * VectorKernels.Sides];
    private int _items;
    private int _options;
    private int _answers;

    /// <summary>What the belief counts in the scores; 0 where nothing was answered or much is known besides.</summary>
    public float Weight { get; private set; }

    /// <summary>Works out how much it counts.</summary>
    public void Weigh(Evidence person, bool answered)
    {
        // Very many small signs are a history, whatever they add up to.
        Weight = answered && person.Items.Length <= MostAnswers
            ? model.Card.Recipe.Prior.BeliefWeight(TensorPrimitives.Sum(person.ItemConfidences))
            : 0;
    }

    /// <summary>Adds what the items, the options and the refusals say.</summary>
    /// <param name="person">Their items and options.</param>
    /// <param name="refused">What they were asked about and did not choose; the first 256 count.</param>
    /// <param name="vector">That is scored.</param>
    /// <param name="added">To the scores, by item.</param>
    public void AddTo(FactorMatrix vector, AddedScores added, Evidence person, ReadOnlySpan<int> refused)
    {
        ReadOnlySpan<int> chosen = person.Columns;
        refused = refused[..Math.Min(refused.Length, MostRefusals)];
        (_items, _options, _answers) = (person.Items.Length, chosen.Length - person.Items.Length, 0);
        int most = (chosen.Length + refused.Length) * VectorKernels.Sides;
        if (most > _terms.Length) _terms = new float[most * 2];
        _belief.Start();
        if (Weight == 0 || chosen.Length + refused.Length == 0) return;
        _belief.Observe(chosen, yes: true, person.Confidences);
        _belief.Observe(refused, yes: false, []);
        TensorPrimitives.MultiplyAdd(_belief.Mean.Padded, Weight, vector.Padded, vector.Padded);
        TakeOwnOff(added, refused, chosen.Length);
    }

    // An item does not lose its own place by having been refused.
    private void TakeOwnOff(AddedScores added, ReadOnlySpan<int> refused, int chosen)
    {
        Span<int> items = stackalloc int[VectorKernels.Sides];
        int waiting = 0;
        for (int k = 0; k < refused.Length; k++)
        {
            // Once for an item that was refused twice: the first time takes all of its own terms off.
            if (!model.Rates.IsOption(refused[k]) && !refused[..k].Contains(refused[k])) items[waiting++] = refused[k];
            if (waiting < items.Length && k < refused.Length - 1) continue;
            TakeOwnOff(added, items[..waiting], chosen, _terms.AsSpan(0, waiting * _belief.Count));
            waiting = 0;
        }
    }

    private void TakeOwnOff(AddedScores added, ReadOnlySpan<int> items, int chosen, Span<float> terms)
    {
        for (int k = 0; k < items.Length; k++) model.ItemFactors.PaddedRow(items[k]).CopyTo(_rows.Padded[(k * _rows.Stride)..]);
        _belief.Terms(_rows, items.Length, terms);
        for (int k = 0; k < items.Length; k++)
        {
            for (int j = chosen; j < _belief.Count; j++)
            {
                if (_belief.ColumnOf(j) == items[k]) added.Add(items[k], -Weight * terms[k * _belief.Count + j]);
            }
        }
    }

    /// <summary>Adds the answers' terms of several items' scores to those of the history.</summary>
    /// <param name="items">Their numbers.</param>
    /// <param name="rows">Their factors.</param>
    /// <param name="terms">As many as the history has items for the first, then for the second ...</param>
    public void WorkOutTerms(ReadOnlySpan<int> items, FactorMatrix rows, Span<float> terms)
    {
        _answers = Weight == 0 ? 0 : _belief.Count;
        if (_answers == 0) return;
        Span<float> believed = _terms.AsSpan(0, items.Length * _answers);
        _belief.Terms(rows, items.Length, believed);
        TensorPrimitives.Multiply(believed, Weight, believed);
        for (int k = 0; k < items.Length; k++)
        {
            Span<float> ofItem = terms.Slice(k * _items, _items);
            TensorPrimitives.Add(ofItem, believed.Slice(k * _answers, _items), ofItem);
            Span<float> ofAnswers = TermsAt(k);
            for (int j = _options; j < ofAnswers.Length; j++)
            {
                if (_belief.ColumnOf(_items + j) == items[k]) ofAnswers[j] = 0;
            }
        }
    }

    /// <summary>The terms of the options and then of the refusals, of one of the items whose terms were worked out last.</summary>
    public ReadOnlySpan<float> TermsOf(int at) => TermsAt(at);

    /// <summary>One standard deviation of the chance that the person would choose an item; 0 for those of whom much is known.</summary>
    public float Uncertainty(ReadOnlySpan<float> row, Evidence person)
    {
        ReadOnlySpan<int> items = person.Items;
        if (_belief.Count == 0 && items.Length <= MostAnswers)
        {
            for (int k = 0; k < items.Length; k++) _belief.Observe(items[k], yes: true, person.ItemConfidences[k]);
        }
        return _belief.Count == 0 ? 0 : MathF.Sqrt(_belief.VarianceOf(row));
    }

    private Span<float> TermsAt(int at) => _answers == 0 ? [] : _terms.AsSpan(at * _answers, _answers)[_items..];
}
