using System.Runtime.InteropServices;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Repeats;
using Recommender.Server.Questionnaires;

namespace Recommender.Server.Serving;

/// <summary>
/// What is known of a person at this moment, in the live model's numbers: the items that speak for a taste with their confidences, and
/// those not to be offered. Items the model does not know say nothing yet.
/// </summary>
internal sealed class Evidence
{
    /// <summary>The kind of reason that something was asked about and not chosen.</summary>
    public const string NotChosen = "not_chosen";

    // What was not chosen says little each, and each costs as much as an item of the history.
    private const int MostRefused = 64;

    private readonly List<int> _items, _excluded;
    private readonly List<float> _confidences;
    private readonly List<string> _kinds, _names;
    private readonly HashSet<string> _unwanted = new(StringComparer.Ordinal);
    private readonly List<int> _refused = [];
    private readonly List<DueItem> _due = [];
    private readonly List<string> _refusedNames = [];
    private readonly List<string> _refusedKinds = [];

    /// <param name="expected">About how many items there will be.</param>
    private Evidence(int expected) =>
        (_items, _excluded, _confidences, _kinds, _names) = (new(expected), new(expected), new(expected), new(expected), new(expected));

    public ReadOnlySpan<int> Items => CollectionsMarshal.AsSpan(_items);

    public ReadOnlySpan<float> Confidences => CollectionsMarshal.AsSpan(_confidences);

    /// <summary>Items they rejected, and those and options they were asked about and did not choose.</summary>
    public ReadOnlySpan<int> Refused => CollectionsMarshal.AsSpan(_refused);

    /// <summary>What the person buys again and again, with what that means for its score today.</summary>
    public ReadOnlySpan<DueItem> Due => CollectionsMarshal.AsSpan(_due);

    /// <summary>Whether there is anything to go by.</summary>
    public bool IsEmpty => _items.Count + _refused.Count == 0;

    public ReadOnlySpan<int> Excluded => CollectionsMarshal.AsSpan(_excluded);

    /// <summary>
    /// Whether the person or the caller does not want to see the item, whatever else speaks for it: rejected, excluded, on the page already,
    /// or resting. What was only bought or looked at before is not among these.
    /// </summary>
    public bool IsUnwanted(string itemId) => _unwanted.Contains(itemId);

    /// <summary>True if anything came from the person's recorded history, not only from this session.</summary>
    public bool HasHistory { get; private set; }

    /// <summary>The event type, or "session", by which an item of <see cref="Items"/> speaks; after these come those of <see cref="Refused"/>.</summary>
    public string KindOf(int index) => index < _kinds.Count ? _kinds[index] : _refusedKinds[index - _kinds.Count];

    /// <summary>The item, or the answer's column, by which it speaks: several items may speak for one answer.</summary>
    public string NameOf(int index) => index < _names.Count ? _names[index] : _refusedNames[index - _names.Count];

    /// <summary>True if some items stand for an answer that the model has not learned by itself.</summary>
    public bool HasMeant { get; private set; }

    /// <param name="history">What the person's events add up to.</param>
    /// <param name="query">What the caller adds to it.</param>
    /// <param name="now">The model and the catalogue.</param>
    /// <param name="meanings">What answers mean that the model has not learned.</param>
    /// <param name="offerAgain">Whether only what was rejected is left out.</param>
    public static Evidence Of(History history, RecommendQuery query, Moment now, AnswerMeanings meanings, bool offerAgain)
    {
        var evidence = new Evidence(history.Entries.Length + query.SessionItemIds.Count);
        bool answered = false;
        foreach (var entry in history.Entries)
        {
            bool isAnswer = AnswerColumns.IsColumn(entry.ItemId);
            if (isAnswer) evidence.Hear(entry, now, meanings);
            else evidence.Take(entry, now, offerAgain);
            answered |= isAnswer;
        }
        if (answered) evidence.HearWhatWasNotChosen(history, now, meanings);
        foreach (string itemId in query.SessionItemIds) evidence.Look(itemId, now);
        foreach (string itemId in query.ContextItemIds) evidence.Exclude(itemId, now);
        foreach (string itemId in query.ExcludeItemIds) evidence.Exclude(itemId, now);
        return evidence;
    }

    /// <summary>Works out what is due, where what was bought may be offered again.</summary>
    public void ExpectAgain(History history, Moment now, DateTimeOffset today)
    {
        if (now.Live.Model is not { Repeats: { } repeats } model) return;
        double day = (today - DateTimeOffset.UnixEpoch).TotalDays;
        foreach (var entry in history.Entries)
        {
            if (entry.Habit.Purchases == 0 || !model.Items.TryGetNumber(entry.ItemId, out int item)) continue;
            _due.Add(repeats.Expected(item, entry.Habit, day, model.Card.Recipe.Repeats));
        }
    }

    private void Take(HistoryEntry entry, Moment now, bool offerAgain)
    {
        if (entry.Rejected) _unwanted.Add(entry.ItemId);
        if (!now.Shelves.TryGetNumber(entry.ItemId, out int item)) return;
        // What was only asked about is still new to them.
        if (entry.Rejected || !offerAgain && !entry.Unfamiliar) Exclude(item, now);
        // What was hidden or disliked says "no" as an answer does: it pushes its kind down, the less the more else is known.
        if ((entry.Unfamiliar || entry.Rejected) && now.Learned(item))
        {
            HasHistory = true;
            Refuse(item, entry.ItemId, entry.StrongestEventType is EventTypes.Answer ? NotChosen : entry.StrongestEventType);
        }
        if (entry.Confidence <= 0 || !now.Ranked(item)) return;
        HasHistory = true;
        Add(item, entry.Confidence, entry.StrongestEventType, entry.ItemId, now);
    }

    /// <summary>An answer speaks by itself or through the items it stands for, and says as much either way.</summary>
    private void Hear(HistoryEntry answer, Moment now, AnswerMeanings meanings)
    {
        if (answer.Confidence <= 0) return;
        var columns = now.Live.Stated.Of(answer.ItemId, now, meanings);
        if (columns.Length == 0) return;
        HasHistory = true;
        HasMeant |= columns.Length > 1;
        foreach (int column in columns) Add(column, answer.Confidence / columns.Length, EventTypes.Answer, answer.ItemId);
    }

    /// <summary>Who chose some options of a question has not chosen the others; that is known of those the model has learned.</summary>
    private void HearWhatWasNotChosen(History history, Moment now, AnswerMeanings meanings)
    {
        var chosen = history.Entries.Where(entry => entry.Confidence > 0 && AnswerColumns.IsColumn(entry.ItemId))
            .Select(entry => entry.ItemId).ToHashSet(StringComparer.Ordinal);
        foreach (string other in chosen.SelectMany(meanings.OptionsBeside).Distinct(StringComparer.Ordinal))
        {
            if (!chosen.Contains(other) && StatedTaste.TryGetLearned(other, now, out int column)) Refuse(column, other);
        }
    }

    private void Refuse(int column, string name, string kind = NotChosen)
    {
        if (_refused.Count >= MostRefused) return;
        _refused.Add(column);
        _refusedNames.Add(name);
        _refusedKinds.Add(kind);
    }

    /// <summary>What is being looked at now says as much as a purchase, and is not offered at the same moment.</summary>
    private void Look(string itemId, Moment now)
    {
        _unwanted.Add(itemId);
        if (!now.Shelves.TryGetNumber(itemId, out int item)) return;
        Exclude(item, now);
        if (!now.Ranked(item)) return;
        int known = _names.IndexOf(itemId);
        if (known < 0) Add(item, 1, "session", itemId, now);
        else _confidences[known] = Math.Max(_confidences[known], 1);
    }

    /// <summary>An item not to be offered, whatever speaks for it.</summary>
    public void Exclude(string itemId, Moment now)
    {
        _unwanted.Add(itemId);
        if (now.Shelves.TryGetNumber(itemId, out int item)) Exclude(item, now);
    }

    // What a live model cannot rank it does not offer either.
    private void Exclude(int item, Moment now)
    {
        if (now.Live.Model is null || now.Ranked(item)) _excluded.Add(item);
    }

    // An item that was not learned speaks through those that are like it.
    private void Add(int item, float confidence, string kind, string name, Moment now)
    {
        if (now.Learned(item)) Add(item, confidence, kind, name);
        else if (now.Newcomers!.TryGetLookalikes(item, out var items, out var shares))
        {
            HasMeant |= items.Length > 1;
            for (int k = 0; k < items.Length; k++) Add(items[k], confidence * shares[k], kind, name);
        }
    }

    private void Add(int item, float confidence, string kind, string name)
    {
        _items.Add(item);
        _confidences.Add(confidence);
        _kinds.Add(kind);
        _names.Add(name);
    }
}
