namespace Recommender.Scoring;

/// <summary>The largest positive terms of a score, largest first, equals in the order in which they were offered.</summary>
/// <param name="reasons">Filled; terms that have no room are left out.</param>
/// <param name="positive">The sum of all positive terms.</param>
/// <param name="boost">What the score is multiplied by, and so each of its terms.</param>
internal ref struct GreatestReasons(Span<Reason> reasons, float positive, float boost)
{
    private readonly Span<Reason> _reasons = reasons;

    public int Count { get; private set; }

    public void Offer(int position, float term)
    {
        if (!(term > 0)) return;
        int at = Count;
        float boosted = term * boost;
        while (at > 0 && _reasons[at - 1].Term < boosted) at--;
        if (at == _reasons.Length) return;
        if (Count < _reasons.Length) Count++;
        for (int k = Count - 1; k > at; k--) _reasons[k] = _reasons[k - 1];
        _reasons[at] = new Reason(position, term / positive, boosted);
    }
}
