using System.Diagnostics.CodeAnalysis;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Ingest;

/// <summary>One person's events in memory: arrays that only grow at their end. Readers take what was published last, without a lock.</summary>
internal sealed class RememberedHistory
{
    // Shorter ones are looked through; longer ones keep their ids, so that many events added to them do not cost the square of their number.
    private const int LongestLookedThrough = 256;

    private readonly Lock _gate = new();
    private ShopEvent[] _events = [];
    private long[] _positions = [];
    private int _count;
    private bool _complete;
    private volatile PersonEvents? _published;
    private HashSet<string>? _ids;

    public bool TryGet([MaybeNullWhen(false)] out PersonEvents events)
    {
        events = _published;
        return events is not null;
    }

    /// <summary>Takes what the store has. Events that arrived during the read follow it unless the read had them already.</summary>
    public PersonEvents Complete(IReadOnlyList<StoredEvent> stored)
    {
        lock (_gate)
        {
            if (!_complete)
            {
                var (arrived, positions, count) = (_events, _positions, _count);
                _events = [.. stored.Select(one => one.Event)];
                _positions = [.. stored.Select(one => one.Position)];
                _count = _events.Length;
                _ids = null;
                for (int i = 0; i < count; i++) Insert(positions[i], arrived[i]);
                _complete = true;
            }
            return _published ??= new(new(_events, 0, _count), new(_positions, 0, _count));
        }
    }

    /// <summary>False where it was there already.</summary>
    public bool Add(StoredEvent stored)
    {
        lock (_gate)
        {
            if (!Insert(stored.Position, stored.Event)) return false;
            if (_complete) _published = new(new(_events, 0, _count), new(_positions, 0, _count));
            return true;
        }
    }

    private bool Insert(long position, ShopEvent happened)
    {
        // An event that was taken back and sent again, or moved, has another position than the one it was told by first.
        int held = IndexOf(happened.EventId);
        if (held >= 0 && _positions[held] == position) return false;
        if (held >= 0) Remove(held);
        // Two recordings may arrive out of order; a history is in the order of positions.
        int at = _count;
        while (at > 0 && _positions[at - 1] > position) at--;
        if (at > 0 && _positions[at - 1] == position)
        {
            // What had the position was taken back.
            at--;
            _ids?.Remove(_events[at].EventId);
            Remove(at);
        }
        if (at < _count || _count == _events.Length)
        {
            // Fresh arrays, since a reader may hold the present ones.
            int size = Math.Max(4, _count + _count / 2 + 1);
            (_events, _positions) = (Opened(_events, at, size), Opened(_positions, at, size));
        }
        (_events[at], _positions[at]) = (happened, position);
        _count++;
        _ids?.Add(happened.EventId);
        return true;
    }

    private int IndexOf(string eventId)
    {
        if (_count > LongestLookedThrough)
        {
            _ids ??= _events.Take(_count).Select(happened => happened.EventId).ToHashSet(StringComparer.Ordinal);
            if (!_ids.Contains(eventId)) return -1;
        }
        int at = _count - 1;
        while (at >= 0 && _events[at].EventId != eventId) at--;
        return at;
    }

    private void Remove(int at)
    {
        (_events, _positions) = (Without(_events, at), Without(_positions, at));
        _count--;
    }

    // A fresh array, as above.
    private T[] Without<T>(T[] from, int at)
    {
        var to = new T[from.Length];
        from.AsSpan(0, at).CopyTo(to);
        from.AsSpan(at + 1, _count - at - 1).CopyTo(to.AsSpan(at));
        return to;
    }

    private T[] Opened<T>(T[] from, int at, int size)
    {
        var to = new T[size];
        from.AsSpan(0, at).CopyTo(to);
        from.AsSpan(at, _count - at).CopyTo(to.AsSpan(at + 1));
        return to;
    }
}
