using System.Runtime.InteropServices;
using Recommender.Interactions;

namespace Recommender.Server.Serving;

/// <summary>
/// What is known of a person at this moment, in the live model's numbers: the items that speak for a taste with their confidences, and
/// those not to be offered. Items the model does not know say nothing yet.
/// </summary>
internal sealed class Evidence
{
    private readonly List<int> _items = [];
    private readonly List<float> _confidences = [];
    private readonly List<string> _kinds = [];
    private readonly List<int> _excluded = [];

    public ReadOnlySpan<int> Items => CollectionsMarshal.AsSpan(_items);

    public ReadOnlySpan<float> Confidences => CollectionsMarshal.AsSpan(_confidences);

    public ReadOnlySpan<int> Excluded => CollectionsMarshal.AsSpan(_excluded);

    /// <summary>True if anything came from the person's recorded history, not only from this session.</summary>
    public bool HasHistory { get; private set; }

    /// <summary>The event type, or "session", by which an item of <see cref="Items"/> speaks.</summary>
    public string KindOf(int index) => _kinds[index];

    /// <param name="history">What the person's events add up to.</param>
    /// <param name="query">What the caller adds to it.</param>
    /// <param name="now">The model and the catalogue.</param>
    /// <param name="offerAgain">Whether only what was rejected is left out.</param>
    public static Evidence Of(History history, RecommendQuery query, Moment now, bool offerAgain)
    {
        var evidence = new Evidence();
        foreach (var entry in history.Entries) evidence.Take(entry, now, offerAgain);
        foreach (string itemId in query.SessionItemIds) evidence.Look(itemId, now);
        foreach (string itemId in query.ContextItemIds) evidence.Exclude(itemId, now);
        foreach (string itemId in query.ExcludeItemIds) evidence.Exclude(itemId, now);
        return evidence;
    }

    private void Take(HistoryEntry entry, Moment now, bool offerAgain)
    {
        if (!now.Shelves.TryGetNumber(entry.ItemId, out int item)) return;
        if (entry.Rejected || !offerAgain) Exclude(item, now);
        if (entry.Confidence <= 0 || !now.Learned(item)) return;
        HasHistory = true;
        Add(item, entry.Confidence, entry.StrongestEventType);
    }

    /// <summary>What is being looked at now says as much as a purchase, and is not offered at the same moment.</summary>
    private void Look(string itemId, Moment now)
    {
        if (!now.Shelves.TryGetNumber(itemId, out int item)) return;
        Exclude(item, now);
        if (!now.Learned(item)) return;
        int known = _items.IndexOf(item);
        if (known < 0) Add(item, 1, "session");
        else _confidences[known] = Math.Max(_confidences[known], 1);
    }

    private void Exclude(string itemId, Moment now)
    {
        if (now.Shelves.TryGetNumber(itemId, out int item)) Exclude(item, now);
    }

    // What a live model has not learned it does not offer either.
    private void Exclude(int item, Moment now)
    {
        if (now.Live.Model is null || now.Learned(item)) _excluded.Add(item);
    }

    private void Add(int item, float confidence, string kind)
    {
        _items.Add(item);
        _confidences.Add(confidence);
        _kinds.Add(kind);
    }
}
