using System.Runtime.CompilerServices;

namespace Recommender.Scoring;

/// <summary>
/// The best of what is offered, kept in the caller's memory as a heap with the worst on top. Higher scores win, equal scores go to
/// the lower item number, so the answer does not depend on the order of offers. A score that is no number counts as the lowest.
/// </summary>
internal ref struct TopHeap(Span<ScoredItem> top)
{
    private readonly Span<ScoredItem> _top = top;
    private int _count;

    /// <summary>Goes on with a heap whose first places were filled before.</summary>
    public TopHeap(Span<ScoredItem> top, int count) : this(top) => _count = count;

    /// <summary>How many there are.</summary>
    public readonly int Count => _count;

    /// <summary>How many are wanted.</summary>
    public readonly int Wanted => _top.Length;

    /// <summary>Whether nothing is wanted.</summary>
    public readonly bool IsEmpty => _top.IsEmpty;

    public readonly bool IsFull => _count == _top.Length;

    /// <summary>Where the heap is full: no lower score gets in, an equal one only by a lower item number.</summary>
    public readonly float Threshold => _top[0].Score;

    /// <summary>
    /// What is below this does not get in if its item number is this one or a higher one. Nothing is below where there is room.
    /// </summary>
    public readonly float ThresholdFrom(int item) =>
        !IsFull ? float.NegativeInfinity : item > _top[0].Item ? float.BitIncrement(_top[0].Score) : _top[0].Score;

    /// <summary>What a score counts: one that is no number is the lowest.</summary>
    public static float Counted(float score) => float.IsNaN(score) ? float.NegativeInfinity : score;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(int item, float score)
    {
        // Nearly all that is offered to a full heap is below.
        if (!IsFull || (_count > 0 && !(score < Threshold))) Take(item, score);
    }

    private void Take(int item, float score)
    {
        var offered = new ScoredItem(item, Counted(score));
        if (!IsFull)
        {
            SiftUp(_count++, offered);
        }
        else if (Better(offered, _top[0]))
        {
            SiftDown(offered, _count);
        }
    }

    /// <summary>Sorts the best first; how many there are.</summary>
    public readonly int Finish()
    {
        for (int last = _count - 1; last > 0; last--)
        {
            ScoredItem moved = _top[last];
            _top[last] = _top[0];
            SiftDown(moved, last);
        }
        return _count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Better(ScoredItem a, ScoredItem b) => a.Score > b.Score || (a.Score == b.Score && a.Item < b.Item);

    private readonly void SiftUp(int at, ScoredItem item)
    {
        while (at > 0)
        {
            int parent = (at - 1) >> 1;
            if (!Better(_top[parent], item)) break;
            _top[at] = _top[parent];
            at = parent;
        }
        _top[at] = item;
    }

    // Puts an item in place of the top of the first count ones.
    private readonly void SiftDown(ScoredItem item, int count)
    {
        int at = 0;
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= count) break;
            if (child + 1 < count && Better(_top[child], _top[child + 1])) child++;
            if (!Better(item, _top[child])) break;
            _top[at] = _top[child];
            at = child;
        }
        _top[at] = item;
    }
}
