using Recommender.Interactions;

namespace Recommender.Storage.Mongo;

/// <summary>One call's events, waiting to be appended.</summary>
internal sealed class PendingAppend(ShopEvent[] events, CancellationToken cancellation)
{
    // Callers go on elsewhere: the appender only appends.
    private readonly TaskCompletionSource<IReadOnlyList<AppendOutcome>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ShopEvent[] Events => events;

    public CancellationToken Cancellation => cancellation;

    public Task<IReadOnlyList<AppendOutcome>> Done => _done.Task;

    public void Complete(IReadOnlyList<AppendOutcome> outcomes) => _done.TrySetResult(outcomes);

    public void Fail(Exception reason) => _done.TrySetException(reason);

    public void Cancel() => _done.TrySetCanceled(cancellation);
}

/// <summary>What is appended together: the events of several calls in a row, each at a position of its own, and what became of each.</summary>
internal sealed class EventGroup
{
    private readonly IReadOnlyList<PendingAppend> _calls;
    private readonly AppendOutcome[] _outcomes;

    // Of an id that comes again in the group, where it comes first; -1 for what is new in it.
    private readonly int[] _sameAs;

    public EventGroup(IReadOnlyList<PendingAppend> calls, Reservation reservation)
    {
        _calls = calls;
        Reservation = reservation;
        Events = [.. calls.SelectMany(call => call.Events)];
        _outcomes = new AppendOutcome[Events.Length];
        _sameAs = new int[Events.Length];
        var first = new Dictionary<string, int>(Events.Length, StringComparer.Ordinal);
        var unique = new List<int>(Events.Length);
        for (int i = 0; i < Events.Length; i++)
        {
            _sameAs[i] = first.TryAdd(Events[i].EventId, i) ? -1 : first[Events[i].EventId];
            if (_sameAs[i] < 0) unique.Add(i);
        }
        Unique = unique;
        Stored = new ShopEvent[Events.Length];
    }

    public Reservation Reservation { get; }

    public ShopEvent[] Events { get; }

    /// <summary>The events whose ids are new in this group.</summary>
    public IReadOnlyList<int> Unique { get; }

    public IEnumerable<int> Appended => Unique.Where(i => _outcomes[i].Status == AppendStatus.Appended);

    /// <summary>What stands in the log under an event's id, where it was there before; null for what was forgotten, and is equal to anything.</summary>
    private ShopEvent?[] Stored { get; }

    public long PositionOf(int index) => Reservation.First + index;

    public void SetAppended(int index, long position)
    {
        Stored[index] = Events[index];
        _outcomes[index] = new(AppendStatus.Appended, position);
    }

    public void SetKnown(int index, StoredEvent known)
    {
        Stored[index] = known.Event;
        _outcomes[index] = new(known.Event == Events[index] ? AppendStatus.Duplicate : AppendStatus.Conflict, known.Position);
    }

    public void SetForgotten(int index, long formerPosition) => _outcomes[index] = new(AppendStatus.Duplicate, formerPosition);

    /// <summary>Wakes the callers.</summary>
    public void Acknowledge()
    {
        for (int i = 0; i < Events.Length; i++)
        {
            if (_sameAs[i] is not (>= 0 and var first)) continue;
            bool same = Stored[first] is not { } stored || stored == Events[i];
            _outcomes[i] = new(same ? AppendStatus.Duplicate : AppendStatus.Conflict, _outcomes[first].Position);
        }
        int from = 0;
        foreach (var call in _calls)
        {
            call.Complete(new ArraySegment<AppendOutcome>(_outcomes, from, call.Events.Length));
            from += call.Events.Length;
        }
    }

    public void Fail(Exception reason)
    {
        foreach (var call in _calls) call.Fail(reason);
    }
}
