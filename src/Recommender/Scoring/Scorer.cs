using System.Collections.Immutable;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Models;
using Recommender.Repeats;

namespace Recommender.Scoring;

/// <summary>
/// Answers requests from one model. It owns all scratch memory, so a call allocates nothing; one request at a time uses it, and a
/// server keeps a pool. One that threw anything but an <see cref="ArgumentException"/> is not to be asked again. Items are numbers of
/// <see cref="TrainedModel.Items"/>, masks cover as many or more.
/// </summary>
public sealed class Scorer
{
    // Factors may lie in a mapped file, and all that is worked on is read by pointers: a call keeps this, and so the model, to its end.
    private readonly TrainedModel _model;
    private readonly PersonalScores _scores;
    private readonly Evidence _context;
    private ItemMask _excluded;

    public Scorer(TrainedModel model) : this(model, VectorKernels.Best) { }

    internal Scorer(TrainedModel model, VectorKernels kernels)
    {
        (_model, _scores, _context) = (model, new PersonalScores(model, kernels), new Evidence(model.Rates));
        _excluded = new ItemMask(model.Items.Count);
    }

    /// <summary>
    /// Items that the model has not learned and that are ranked together with those it has. Set before a call; at first there are none.
    /// </summary>
    public Newcomers Newcomers
    {
        get => _scores.Parts.Newcomers.Newcomers;
        set
        {
            if (value.KnownItems != _model.Items.Count)
                throw new ArgumentException($"The newcomers stand behind {value.KnownItems} items, the model has {_model.Items.Count}.",
                    nameof(value));
            _scores.Parts.Newcomers.Newcomers = value;
            if (_excluded.Length < value.Length) _excluded = new ItemMask(value.Length * 2);
        }
    }

    /// <summary>What raises or lowers the scores of some items, whatever is asked. Set before a call; at first there is nothing.</summary>
    public ImmutableArray<Boost> Boosts
    {
        get => _scores.Boosts;
        set => _scores.Boosts = Boost.Required(value);
    }

    /// <summary>
    /// The exact best items for a history: fold-in, blended with its items' neighbours and the popularity prior. With nothing known it
    /// ranks by popularity alone.
    /// </summary>
    /// <param name="items">The history; reasons refer to positions in it.</param>
    /// <param name="confidences">As many; those below 1e-20 or not finite are passed over, those above 1e20 count as that.</param>
    /// <param name="eligible">Items that may be answered.</param>
    /// <param name="excluded">Of those, the ones that may not (seen, listed).</param>
    /// <param name="top">Filled best first, equal scores by item number.</param>
    /// <returns>How many items there are in <paramref name="top"/>.</returns>
    public int Personalised(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ItemMask eligible, ReadOnlySpan<int> excluded,
        Span<ScoredItem> top) =>
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
    /// by it (one that nobody knows yet may still be offered; who does not want it excludes it). Of very many the first 256 count.
    /// </param>
    /// <param name="eligible">Items that may be answered.</param>
    /// <param name="excluded">Of those, the ones that may not.</param>
    /// <param name="top">Filled best first.</param>
    /// <inheritdoc cref="Personalised(ReadOnlySpan{int}, ReadOnlySpan{float}, ItemMask, ReadOnlySpan{int}, Span{ScoredItem})"/>
    public int Personalised(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, ItemMask eligible,
        ReadOnlySpan<int> excluded, Span<ScoredItem> top) => Rank(items, confidences, refused, answered: true, [], eligible, excluded, top);

    /// <summary>The same where what was bought may come back.</summary>
    /// <param name="expected">
    /// What was bought, each item once, by what the person's habit makes of today (<see cref="RepeatRates.Expected"/>).
    /// </param>
    /// <param name="answered">Whether questions were answered, so that what was said is read by itself.</param>
    /// <inheritdoc cref="Personalised(ReadOnlySpan{int}, ReadOnlySpan{float}, ReadOnlySpan{int}, ItemMask, ReadOnlySpan{int}, Span{ScoredItem})"/>
    public int Personalised(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, bool answered,
        ReadOnlySpan<DueItem> expected, ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top) =>
        Rank(items, confidences, refused, answered, expected, eligible, excluded, top);

    private int Rank(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, ReadOnlySpan<int> refused, bool answered,
        ReadOnlySpan<DueItem> expected, ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top)
    {
        RequestCheck.RequireKnown(_model, items, confidences, refused, expected, eligible, excluded);
        _scores.Of(items, confidences, refused, answered, expected);
        Exclude(excluded);
        var heap = new TopHeap(top);
        _scores.Offer(eligible, _excluded, ref heap);
        Readmit(excluded);
        int count = heap.Finish();
        _scores.Expect(top[..count]);
        GC.KeepAlive(this);
        return count;
    }

    /// <summary>The most popular items of the model; scores are mean confidences over all people.</summary>
    public int Popular(ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top)
    {
        RequestCheck.RequireMask(_model, eligible, excluded);
        Exclude(excluded);
        var heap = new TopHeap(top);
        PopularScan.Offer(_model.Popularity, eligible, _excluded, Boosts.AsSpan(), ref heap);
        Readmit(excluded);
        return heap.Finish();
    }

    /// <summary>
    /// The neighbours of one or several context items, by the blend of the item-item parts. The context itself is not answered.
    /// </summary>
    public int Similar(ReadOnlySpan<int> items, ItemMask eligible, ReadOnlySpan<int> excluded, Span<ScoredItem> top)
    {
        RequestCheck.RequireContext(_model, items, Newcomers, eligible, excluded);
        _context.ReadContext(items, Newcomers);
        Exclude(excluded);
        Exclude(items);
        var heap = new TopHeap(top);
        SparseScores scores = _scores.Neighbours.Similar(_context.Items, _context.ItemConfidences);
        scores.Offer(eligible, _excluded, Boosts.AsSpan(), ref heap);
        _scores.Parts.Newcomers.OfferSimilar(scores.Values, eligible, _excluded, Boosts.AsSpan(), ref heap);
        Readmit(excluded);
        Readmit(items);
        GC.KeepAlive(this);
        return heap.Finish();
    }

    /// <summary>The score of any item, eligible or not, under the last personalised call.</summary>
    public float Score(int item)
    {
        float score = _scores.Score(item);
        GC.KeepAlive(this);
        return score;
    }

    /// <summary>
    /// How uncertain it still is whether the person would choose an item, by the history of the last personalised call: one standard
    /// deviation of the chance. 0 for those of whom much is known.
    /// </summary>
    public float Uncertainty(int item)
    {
        float uncertainty = _scores.Uncertainty(item);
        GC.KeepAlive(this);
        return uncertainty;
    }

    /// <summary>The largest positive terms of an item's score under the last personalised call, largest first.</summary>
    /// <returns>How many there are in <paramref name="reasons"/>.</returns>
    public int Reasons(int item, Span<Reason> reasons)
    {
        int count = _scores.Reasons(item, reasons);
        GC.KeepAlive(this);
        return count;
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
