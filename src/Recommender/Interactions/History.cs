using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Recommender.Repeats;

namespace Recommender.Interactions;

/// <summary>
/// What one person's events add up to, item by item, in the order in which the items first counted: the input of a fold-in, of the
/// exclusion of seen items and of reasons. The same events give the same confidences in a <see cref="TrainingSet"/>.
/// </summary>
public sealed class History
{
    private History(ImmutableArray<HistoryEntry> entries) => Entries = entries;

    public static History Empty { get; } = new([]);

    public ImmutableArray<HistoryEntry> Entries { get; }

    /// <param name="events">Everything the person did, in log order, undo events included.</param>
    /// <param name="options">Those the model was trained with: <c>model.Card.Recipe.Confidence</c>.</param>
    /// <param name="now">Events decay as of this moment.</param>
    /// <exception cref="ArgumentException">An event without an item.</exception>
    public static History Of(IReadOnlyList<ShopEvent> events, ConfidenceOptions options, DateTimeOffset now)
    {
        if (events.Count == 0) return Empty;
        var items = new VocabularyBuilder();
        var signals = new List<Signal>(events.Count);
        var origins = new List<int>(events.Count);
        for (int i = 0; i < events.Count; i++)
        {
            Signal.Add(signals, events[i], person: 0, items, options, now);
            while (origins.Count < signals.Count) origins.Add(i);
        }

        ReadOnlySpan<ItemEvidence> evidence = new EvidenceReplay().Replay(CollectionsMarshal.AsSpan(signals));
        var entries = ImmutableArray.CreateBuilder<HistoryEntry>(evidence.Length);
        foreach (ref readonly ItemEvidence item in evidence)
        {
            entries.Add(new HistoryEntry(items[item.Item], item.Confidence(options.ConfidenceLimit), events[origins[item.Strongest]].Type,
                events[origins[item.Last]].OccurredAt, item.Bought, item.Rejected)
            { Unfamiliar = item.Unfamiliar, Habit = item.Habit });
        }
        return new History(entries.MoveToImmutable());
    }
}

/// <param name="ItemId">An item, or the column of an answer option (<c>AnswerColumns</c>).</param>
/// <param name="Confidence">Net confidence; positive entries are what a fold-in learns from.</param>
/// <param name="StrongestEventType">The event type that says most, for the reason's kind.</param>
/// <param name="LastAt">When the newest of its events that still counts happened.</param>
/// <param name="Bought">Bought and not wholly returned.</param>
/// <param name="Rejected">Hidden, or disliked in the newest opinion: never to be offered.</param>
public readonly record struct HistoryEntry(string ItemId, float Confidence, string StrongestEventType, DateTimeOffset LastAt, bool Bought, bool Rejected)
{
    /// <summary>All that is known is that they were asked about it and did not choose it.</summary>
    public bool Unfamiliar { get; init; }

    /// <summary>When it was bought, if it was kept.</summary>
    public PurchaseHabit Habit { get; init; }
}
