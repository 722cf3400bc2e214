using System.Runtime.InteropServices;

namespace Recommender.Interactions;

/// <summary>
/// Replays one person's signals into evidence an item, undone events left out. Both a person's history at serving and the training
/// set are made by it, so they cannot disagree. Reused from person to person without allocating.
/// </summary>
internal sealed class EvidenceReplay
{
    private readonly Dictionary<int, int> _slots = [];
    private readonly List<ItemEvidence> _evidence = [];
    private readonly HashSet<ulong> _undone = [];
    private readonly Dictionary<ulong, ulong> _answered = [];

    /// <summary>The evidence an item, in the order in which the items first counted. Valid until the next call.</summary>
    /// <param name="signals">All of one person, in log order.</param>
    public ReadOnlySpan<ItemEvidence> Replay(ReadOnlySpan<Signal> signals)
    {
        _slots.Clear();
        _evidence.Clear();
        CollectUndone(signals);
        CollectAnswered(signals);
        for (int i = 0; i < signals.Length; i++)
        {
            ref readonly Signal signal = ref signals[i];
            if (signal.Item < 0 || _undone.Contains(signal.EventKey)) continue;
            if (signal.Type == SignalType.Answer && _answered[signal.RefersTo] != signal.EventKey) continue;
            ref int slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, signal.Item, out bool known);
            if (!known)
            {
                slot = _evidence.Count;
                _evidence.Add(new ItemEvidence(signal.Item));
            }
            CollectionsMarshal.AsSpan(_evidence)[slot].Take(signal, i);
        }
        return CollectionsMarshal.AsSpan(_evidence);
    }

    // Backwards, because an undo may itself be undone by a later one.
    private void CollectUndone(ReadOnlySpan<Signal> signals)
    {
        _undone.Clear();
        for (int i = signals.Length - 1; i >= 0; i--)
        {
            if (signals[i].Type == SignalType.Undo && !_undone.Contains(signals[i].EventKey)) _undone.Add(signals[i].RefersTo);
        }
    }

    // The newest answer to a question that was not undone is the one that stands.
    private void CollectAnswered(ReadOnlySpan<Signal> signals)
    {
        _answered.Clear();
        foreach (ref readonly Signal signal in signals)
        {
            if (signal.Type == SignalType.Answer && !_undone.Contains(signal.EventKey)) _answered[signal.RefersTo] = signal.EventKey;
        }
    }
}
