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

    private readonly Belief _belief = new(model.ItemFactors, model.Taste, model.Rates, kernels);
    private float[] _terms = new float[64];
    private int _options;

    /// <summary>What the belief counts in the scores; 0 where nothing was answered or much is known besides.</summary>
    public float Weight { get; private set; }

    /// <summary>Works out how much it counts.</summary>
    public void Weigh(Evidence person, bool answered)
    {
        // Very many small signs are a history, whatever they add up to.
        Weight = answered && person.Items.Length <= MostAnswers ? model.Card.Recipe.Prior.BeliefWeight(TensorPrimitives.Sum(person.ItemConfidences)) : 0;
    }

    /// <summary>Adds what the items, the options and the refusals say.</summary>
    /// <param name="person">Their items and options.</param>
    /// <param name="refused">What they were asked about and did not choose.</param>
    /// <param name="vector">That is scored.</param>
    /// <param name="added">To the scores, by item.</param>
    public void AddTo(FactorMatrix vector, AddedScores added, Evidence person, ReadOnlySpan<int> refused)
    {
        ReadOnlySpan<int> chosen = person.Columns;
        _options = chosen.Length - person.Items.Length;
        if (chosen.Length + refused.Length > _terms.Length) _terms = new float[(chosen.Length + refused.Length) * 2];
        _belief.Start();
        if (Weight == 0 || chosen.Length + refused.Length == 0) return;
        for (int k = 0; k < chosen.Length; k++) _belief.Observe(chosen[k], yes: true, person.Confidences[k]);
        foreach (int item in refused) _belief.Observe(item, yes: false, confidence: 1);
        TensorPrimitives.MultiplyAdd(_belief.Mean.Padded, Weight, vector.Padded, vector.Padded);
        // Once for an item that was refused twice: the first time takes all of its own terms off.
        for (int k = 0; k < refused.Length; k++)
        {
            if (model.Rates.IsOption(refused[k]) || refused[..k].Contains(refused[k])) continue;
            Span<float> terms = _terms.AsSpan(0, _belief.Count);
            _belief.Terms(refused[k], terms);
            for (int j = chosen.Length; j < terms.Length; j++)
            {
                if (_belief.ColumnOf(j) == refused[k]) added.Add(refused[k], -Weight * terms[j]);
            }
        }
    }

    /// <summary>Adds the answers' terms of an item's score to those of the history; those of the options and then of the refusals come back.</summary>
    /// <param name="item">Its number.</param>
    /// <param name="row">Its factors.</param>
    /// <param name="terms">One an item of the history.</param>
    public ReadOnlySpan<float> AddTerms(int item, ReadOnlySpan<float> row, Span<float> terms)
    {
        if (_belief.Count == 0) return [];
        Span<float> believed = _terms.AsSpan(0, _belief.Count), ofAnswers = believed[terms.Length..];
        _belief.Terms(row, believed);
        TensorPrimitives.Multiply(believed, Weight, believed);
        TensorPrimitives.Add(terms, believed[..terms.Length], terms);
        for (int k = _options; k < ofAnswers.Length; k++)
        {
            if (_belief.ColumnOf(terms.Length + k) == item) ofAnswers[k] = 0;
        }
        return ofAnswers;
    }

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
}
