using System.Numerics.Tensors;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Models;

namespace Recommender.Scoring;

/// <summary>
/// Answers requests from one model. It owns all scratch memory, so a call allocates nothing; one request at a time uses it, and a
/// server keeps a pool. Items are numbers of <see cref="TrainedModel.Items"/>, masks cover as many or more.
/// </summary>
public sealed class Scorer
{
    private const int MostAnswers = 64;

    private readonly TrainedModel _model;
    private readonly FoldIn _foldIn;
    private readonly Belief _belief;
    private readonly FactorScan _scan;
    private readonly FactorMatrix _vector;
    private ItemMask _excluded;
    private readonly float[] _added;
    private readonly NeighbourScores _neighbours;
    private readonly NewcomerScores _newcomers;
    private float _priorWeight;
    private float _beliefWeight;
    private float[] _terms = new float[64];
    private float[] _lookalikeTerms = new float[64];
    private float[] _beliefTerms = new float[64];
    private int[] _known = new int[64];
    private float[] _confidences = new float[64];
    private int[] _positions = new int[64];
    private readonly List<ScoredItem> _expected = [];
    private int _statedCount;
    private int _refusedFrom;

    public Scorer(TrainedModel model) : this(model, VectorKernels.Best) { }

    internal Scorer(TrainedModel model, VectorKernels kernels)
    {
        _model = model;
        _foldIn = new FoldIn(model.ItemFactors, model.Spectrum, model.Card.Recipe.Factorization, kernels);
        _belief = new Belief(model.ItemFactors, model.Taste, model.Rates, kernels);
        _vector = new FactorMatrix(1, model.ItemFactors.Factors);
        _scan = new FactorScan(model.ItemFactors, kernels);
        _excluded = new ItemMask(model.Items.Count);
        _added = new float[FactorMatrix.PaddedRows(model.Items.Count)];
        _neighbours = new NeighbourScores(model);
        _newcomers = new NewcomerScores(kernels) { Newcomers = Newcomers.None(model.Items.Count) };
    }

    /// <summary>Items that the model has not learned and that are ranked together with those it has. Set before a call; at first there are none.</summary>
    public Newcomers Newcomers
    {
        get => _newcomers.Newcomers;
        set
        {
            if (value.KnownItems != _model.Items.Count)
                throw new ArgumentException($"The newcomers stand behind {value.KnownItems} items, the model has {_model.Items.Count}.", nameof(value));
            _newcomers.Newcomers = value;
            if (_excluded.Length < value.Length) _excluded = new ItemMask(value.Length * 2);
        }
    }

    /// <summary>
    /// The exact best items for a history: fold-in, blended with its items' neighbours and the popularity prior. With nothing known it
    /// ranks by popularity alone.
    /// </summary>
    /// <param name="items">The history; reasons refer to positions in it.</param>
    /// <param name="confidences">As many; those that are not positive and finite are passed over.</param>
    /// <param name="eligible">Items that may be answered.</param>
    /// <param name="excluded">Of those, the ones that may not (seen, listed).</param>
    /// <param name="top">Filled best first, equal scores by item number.</param>
    /// <returns>How many items there are in <paramref name="top"/>.</returns>
    public int Personalised(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top) =>
        Rank(items, confidences, [], answered: false, [], eligible, excluded, top);

    /// <summary>
    /// The same for somebody who has answered questions. While little else is known of them, what they said is also read by itself: a "no"
    /// is evidence then, and what was never asked is none (<see cref="PriorOptions.ShortHistory"/>). The longer the history, the less this
    /// matters. Options that were chosen are read only so: a fold-in takes what somebody has not for what they do not want.
    /// </summary>
    /// <param name="items">The history and the answers: what was bought, known, chosen.</param>
    /// <param name="confidences">As many.</param>
    /// <param name="refused">
    /// Items and options that were asked about and not chosen. They say what the person is not like; an item does not lose its own place
    /// by it (one that nobody knows yet may still be offered; who does not want it excludes it).
    /// </param>
    /// <param name="eligible">Items that may be answered.</param>
    /// <param name="excluded">Of those, the ones that may not.</param>
    /// <param name="top">Filled best first.</param>
    /// <inheritdoc cref="Personalised(ReadOnlySpan{int}, ReadOnlySpan{float}, ItemMask, ReadOnlySpan{int}, Span{ScoredItem})"/>
    public int Personalised(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, ItemMask eligible,
        ReadOnlySpan<int> excluded, Span<ScoredItem> top) => Rank(items, confidences, refused, answered: true, [], eligible, excluded, top);

    /// <summary>The same where what was bought may come back.</summary>
    /// <param name="expected">
    /// Items of the model, each once, with what is added to their scores because they are due (<see cref="Repeats.RepeatRates.Expected"/>).
    /// Good until the next call: reasons are made of it, too.
    /// </param>
    /// <param name="answered">Whether questions were answered, so that what was said is read by itself.</param>
    /// <inheritdoc cref="Personalised(ReadOnlySpan{int}, ReadOnlySpan{float}, ReadOnlySpan{int}, ItemMask, ReadOnlySpan{int}, Span{ScoredItem})"/>
    public int Personalised(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, bool answered, ReadOnlySpan<ScoredItem> expected,
        ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top) => Rank(items, confidences, refused, answered, expected, eligible, excluded, top);

    private int Rank(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, bool answered, ReadOnlySpan<ScoredItem> expected,
        ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top)
    {
        foreach (ScoredItem due in expected) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)due.Item, (uint)_model.Items.Count, nameof(expected));
        RequireKnown(items, eligible, excluded);
        RequireKnown(refused, eligible, []);
        int known = KeepPositive(items, confidences), stated = answered ? OptionsLast(known) : 0;
        known -= stated;
        (_statedCount, _refusedFrom) = (stated, items.Length);
        Reserve(known + stated + refused.Length);
        _foldIn.Solve(_known.AsSpan(0, known), _confidences.AsSpan(0, known));
        float confidence = TensorPrimitives.Sum<float>(_confidences.AsSpan(0, known));
        // Very many small signs are a history, whatever they add up to.
        _beliefWeight = answered && known <= MostAnswers ? _model.Card.Recipe.Prior.BeliefWeight(confidence) : 0;
        _priorWeight = Math.Max(_model.Card.Recipe.Prior.Weight(confidence), _beliefWeight);
        TensorPrimitives.Multiply(_model.Popularity.Means, _priorWeight, _added);
        _neighbours.AddTo(_added, _known.AsSpan(0, known), _confidences.AsSpan(0, known));
        AddNewcomers(known);
        Believe(known + stated, refused);
        _expected.Clear();
        foreach (ScoredItem due in expected)
        {
            _added[due.Item] += due.Score;
            _expected.Add(due);
        }
        Exclude(excluded);
        var heap = new TopHeap(top);
        _scan.Offer(_vector, _added, eligible, _excluded, ref heap);
        _newcomers.Offer(_vector, eligible, _excluded, ref heap);
        Readmit(excluded);
        return heap.Finish();
    }

    /// <summary>The most popular items; scores are mean confidences over all people.</summary>
    public int Popular(ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top)
    {
        RequireKnown([], eligible, excluded);
        Exclude(excluded);
        int count = 0;
        foreach (int item in _model.Popularity.Order)
        {
            if (count == top.Length) break;
            if (eligible[item] && !_excluded[item]) top[count++] = new ScoredItem(item, _model.Popularity.Means[item]);
        }
        Readmit(excluded);
        return count;
    }

    /// <summary>The neighbours of one or several context items, by the blend of the item-item parts. The context itself is not answered.</summary>
    public int Similar(ReadOnlySpan<int> items, ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top)
    {
        int context = KnownOf(items);
        RequireKnown(_known.AsSpan(0, context), eligible, excluded);
        Exclude(excluded);
        Exclude(items);
        var heap = new TopHeap(top);
        Span<float> scores = _neighbours.Similar(_known.AsSpan(0, context), _confidences.AsSpan(0, context));
        for (int k = 0; k < context; k++) scores[_known[k]] += _neighbours.OfLookalike(_known[k], _confidences[k]);
        for (int item = 0; item < scores.Length; item++)
        {
            if (scores[item] > 0 && eligible[item] && !_excluded[item]) heap.Offer(item, scores[item]);
        }
        _newcomers.OfferSimilar(scores, eligible, _excluded, ref heap);
        Readmit(excluded);
        Readmit(items);
        return heap.Finish();
    }

    /// <summary>The score of any item, eligible or not, under the last personalised call.</summary>
    public float Score(int item) => Newcomers.Contains(item) ? _newcomers.Score(_vector, item) : _scan.Score(_vector, _added, item);

    /// <summary>
    /// How uncertain it still is whether the person would choose an item, by the history of the last personalised call: one standard deviation
    /// of the chance. 0 for those of whom much is known.
    /// </summary>
    public float Uncertainty(int item)
    {
        if (_belief.Count == 0 && _foldIn.HistoryLength <= MostAnswers)
        {
            for (int k = 0; k < _foldIn.HistoryLength; k++) _belief.Observe(_known[k], yes: true, _confidences[k]);
        }
        return _belief.Count == 0 ? 0 : MathF.Sqrt(_belief.VarianceOf(RowOf(item)));
    }

    /// <summary>The largest positive terms of an item's score under the last personalised call, largest first.</summary>
    /// <returns>How many there are in <paramref name="reasons"/>.</returns>
    public int Reasons(int item, Span<Reason> reasons)
    {
        int length = _foldIn.HistoryLength;
        Span<float> terms = _terms.AsSpan(0, length);
        _foldIn.Terms(RowOf(item), terms);
        TensorPrimitives.Multiply(terms, (float)_model.Card.Recipe.Blend.Factors, terms);
        AddNeighbourTerms(item, length, terms);
        foreach (ScoredItem due in _expected)
        {
            // A habit speaks through the item itself.
            int at = due.Item == item ? _known.AsSpan(0, length).IndexOf(item) : -1;
            if (at >= 0) terms[at] += due.Score;
        }
        Span<float> ofAnswers = AddBelief(item, terms);
        float prior = _priorWeight * (Newcomers.Find(item)?.Popularity ?? _model.Popularity.Means[item]), positive = Math.Max(prior, 0);
        foreach (float term in terms) positive += Math.Max(term, 0);
        foreach (float term in ofAnswers) positive += Math.Max(term, 0);
        int count = 0;
        Insert(reasons, ref count, -1, prior, positive);
        for (int k = 0; k < length; k++) Insert(reasons, ref count, _positions[k], terms[k], positive);
        for (int k = 0; k < ofAnswers.Length; k++)
            Insert(reasons, ref count, k < _statedCount ? _positions[length + k] : _refusedFrom + k - _statedCount, ofAnswers[k], positive);
        return count;
    }

    // The context, its newcomers by their look-alikes.
    private int KnownOf(ReadOnlySpan<int> items)
    {
        int count = 0;
        foreach (int item in items) count += Newcomers.Find(item)?.Lookalikes.Length ?? 1;
        Remember(count);
        count = 0;
        foreach (int item in items)
        {
            if (Newcomers.Find(item) is not { } newcomer)
            {
                (_known[count], _confidences[count++]) = (item, 1);
                continue;
            }
            for (int k = 0; k < newcomer.Lookalikes.Length; k++) (_known[count], _confidences[count++]) = (newcomer.Lookalikes[k], newcomer.Shares[k]);
        }
        return count;
    }

    private void Remember(int length)
    {
        if (length <= _known.Length) return;
        int capacity = length * 2;
        (_known, _confidences, _positions) = (new int[capacity], new float[capacity], new int[capacity]);
        (_terms, _lookalikeTerms) = (new float[capacity], new float[capacity]);
    }

    // What a history's item is worth to itself no neighbour says, and to what looks like it, it is worth most.
    private void AddNewcomers(int known)
    {
        if (Newcomers.Blocks.IsEmpty) return;
        Span<float> before = _terms.AsSpan(0, known);
        for (int k = 0; k < known; k++)
        {
            before[k] = _added[_known[k]];
            _added[_known[k]] += _neighbours.OfLookalike(_known[k], _confidences[k]);
        }
        _newcomers.Add(_added, _priorWeight, _model.Popularity.Means);
        // Backwards, because an item may be there twice.
        for (int k = known - 1; k >= 0; k--) _added[_known[k]] = before[k];
    }

    private void AddNeighbourTerms(int item, int length, Span<float> terms)
    {
        ReadOnlySpan<int> known = _known.AsSpan(0, length);
        ReadOnlySpan<float> confidences = _confidences.AsSpan(0, length);
        if (Newcomers.Find(item) is not { } newcomer)
        {
            _neighbours.AddTerms(item, known, confidences, terms);
            return;
        }
        Span<float> ofLookalike = _lookalikeTerms.AsSpan(0, length);
        for (int j = 0; j < newcomer.Lookalikes.Length; j++)
        {
            ofLookalike.Clear();
            _neighbours.AddTerms(newcomer.Lookalikes[j], known, confidences, ofLookalike);
            for (int k = 0; k < length; k++)
            {
                if (known[k] == newcomer.Lookalikes[j]) ofLookalike[k] += _neighbours.OfLookalike(known[k], confidences[k]);
            }
            TensorPrimitives.MultiplyAdd(ofLookalike, newcomer.Shares[j], terms, terms);
        }
    }

    private ReadOnlySpan<float> RowOf(int item)
    {
        if (Newcomers.Contains(item)) return _newcomers.Row(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)_model.Items.Count, nameof(item));
        return _model.ItemFactors.Padded.Slice(item * _model.ItemFactors.Stride, _model.ItemFactors.Stride);
    }

    // What the items and the refusals say as answers do, and the vector that is scored.
    private void Believe(int chosen, ReadOnlySpan<int> refused)
    {
        TensorPrimitives.Multiply(_foldIn.Vector.Padded, (float)_model.Card.Recipe.Blend.Factors, _vector.Padded);
        _belief.Start();
        if (_beliefWeight == 0 || chosen + refused.Length == 0) return;
        for (int k = 0; k < chosen; k++) _belief.Observe(_known[k], yes: true, _confidences[k]);
        foreach (int item in refused) _belief.Observe(item, yes: false, confidence: 1);
        TensorPrimitives.MultiplyAdd(_belief.Mean.Padded, _beliefWeight, _vector.Padded, _vector.Padded);
        // Once for an item that was refused twice: the first time takes all of its own terms off.
        for (int k = 0; k < refused.Length; k++)
        {
            if (_model.Rates.IsOption(refused[k]) || refused[..k].Contains(refused[k])) continue;
            Span<float> terms = _beliefTerms.AsSpan(0, _belief.Count);
            _belief.Terms(refused[k], terms);
            for (int j = chosen; j < terms.Length; j++)
            {
                if (_belief.ColumnOf(j) == refused[k]) _added[refused[k]] -= _beliefWeight * terms[j];
            }
        }
    }

    // Adds the belief's terms to those of the history; those of chosen options and then of the refusals come back.
    private Span<float> AddBelief(int item, Span<float> terms)
    {
        if (_belief.Count == 0) return [];
        Span<float> believed = _beliefTerms.AsSpan(0, _belief.Count), ofAnswers = believed[terms.Length..];
        _belief.Terms(RowOf(item), believed);
        TensorPrimitives.Multiply(believed, _beliefWeight, believed);
        TensorPrimitives.Add(terms, believed[..terms.Length], terms);
        for (int k = _statedCount; k < ofAnswers.Length; k++)
        {
            if (_belief.ColumnOf(terms.Length + k) == item) ofAnswers[k] = 0;
        }
        return ofAnswers;
    }

    private void Reserve(int answers)
    {
        if (answers > _beliefTerms.Length) _beliefTerms = new float[answers * 2];
    }

    private static void Insert(Span<Reason> reasons, ref int count, int position, float term, float positive)
    {
        if (!(term > 0)) return;
        int at = count;
        while (at > 0 && reasons[at - 1].Term < term) at--;
        if (at == reasons.Length) return;
        if (count < reasons.Length) count++;
        for (int k = count - 1; k > at; k--) reasons[k] = reasons[k - 1];
        reasons[at] = new Reason(position, term / positive, term);
    }

    private int KeepPositive(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences)
    {
        if (items.Length != confidences.Length) throw new ArgumentException($"{items.Length} items, {confidences.Length} confidences.", nameof(confidences));
        Remember(items.Length);
        int count = 0;
        for (int k = 0; k < items.Length; k++)
        {
            if (!(confidences[k] > 0 && float.IsFinite(confidences[k]))) continue;
            (_known[count], _confidences[count], _positions[count]) = (items[k], confidences[k], k);
            count++;
        }
        return count;
    }

    // Moves chosen options behind the items; how many there are.
    private int OptionsLast(int count)
    {
        int items = 0;
        for (int k = 0; k < count; k++)
        {
            if (_model.Rates.IsOption(_known[k])) continue;
            (_known[items], _known[k]) = (_known[k], _known[items]);
            (_confidences[items], _confidences[k]) = (_confidences[k], _confidences[items]);
            (_positions[items], _positions[k]) = (_positions[k], _positions[items]);
            items++;
        }
        return count - items;
    }

    // All at once and first: a call that is refused half-way would leave its marks on the next one.
    private void RequireKnown(ReadOnlySpan<int> items, ItemMask eligible, ReadOnlySpan<int> excluded)
    {
        int count = _model.Items.Count;
        if (eligible.Length < count)
            throw new ArgumentException($"The mask covers {eligible.Length} items, the model has {count}.", nameof(eligible));
        foreach (int item in items) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)count, nameof(items));
        foreach (int item in excluded) ArgumentOutOfRangeException.ThrowIfNegative(item, nameof(excluded));
    }

    private void Exclude(ReadOnlySpan<int> items)
    {
        // What nobody has placed is not offered anyway.
        foreach (int item in items) if (item < _excluded.Length) _excluded.Set(item);
    }

    private void Readmit(ReadOnlySpan<int> items)
    {
        foreach (int item in items) if (item < _excluded.Length) _excluded.Clear(item);
    }
}
