using System.Threading.Channels;
using Recommender.Interactions;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Appends to one shop's log with group commit: whatever waits when a group is written goes into the next one together. A group takes positions, is inserted,
/// and closes its slot, by then together with the next group's taking; only then are its callers answered, so that a reader who comes after an answer
/// finds the events.
/// </summary>
internal sealed class EventAppender(Tenant tenant, EventPositions positions, EventInserts inserts) : IAsyncDisposable
{
    // Callers beyond this many wait before they queue: a flood costs its senders time, not the server memory.
    private const int LongestQueue = 4096;

    // Bounds how long a small call waits behind large ones.
    private const int MostTogether = 16_384;

    private readonly Channel<PendingAppend> _queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });
    private readonly Lock _starting = new();
    private Task? _running;

    public async Task<IReadOnlyList<AppendOutcome>> AppendAsync(ShopEvent[] events, CancellationToken cancellation)
    {
        lock (_starting) _running ??= Start();
        var call = new PendingAppend(events, cancellation);
        try
        {
            await _queue.Writer.WriteAsync(call, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("The store is closed.", closed);
        }
        return await call.Done.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_running is { } running) await running;
    }

    private Task Start()
    {
        // What flows with the caller who happens to be the first, its deadline, is not that of those who come later.
        using var suppressed = ExecutionContext.SuppressFlow();
        return Task.Run(RunAsync, CancellationToken.None);
    }

    private async Task RunAsync()
    {
        EventGroup? written = null;
        while (true)
        {
            List<PendingAppend> calls = Take();
            if (calls.Count > 0) written = await AppendAsync(calls, written);
            else if (written is not null)
            {
                await CloseAsync(written);
                written = null;
            }
            else if (!await _queue.Reader.WaitToReadAsync()) return;
        }
    }

    private List<PendingAppend> Take()
    {
        var calls = new List<PendingAppend>();
        for (int events = 0; events < MostTogether && _queue.Reader.TryRead(out var call);)
        {
            if (call.Cancellation.IsCancellationRequested)
            {
                call.Cancel();
                continue;
            }
            calls.Add(call);
            events += call.Events.Length;
        }
        return calls;
    }

    /// <summary>Writes a group, closing the one before; the group, if it is now in the log and its slot is to be closed.</summary>
    private async Task<EventGroup?> AppendAsync(List<PendingAppend> calls, EventGroup? written)
    {
        EventGroup? group = null;
        try
        {
            var reservation = await positions.ReserveAsync(tenant, calls.Sum(call => call.Events.Length), written?.Reservation.Slot ?? 0, CancellationToken.None);
            if (written is not null) await AcknowledgeAsync(written, reservation.HadLapsed);
            written = null;
            group = new EventGroup(calls, reservation);
            await inserts.InsertAsync(tenant, group);
            return group;
        }
#pragma warning disable CA1031 // Whatever it is belongs to the callers who wait, not to the loop that serves everybody.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            written?.Fail(failure);
            if (group is null || !IsRefusal(failure) || await UndoAsync(group) is { } stuck) calls.ForEach(call => call.Fail(failure));
            else if (calls.Count == 1) calls[0].Fail(failure);
            else await EachAloneAsync(calls);
            return null;
        }
    }

    /// <summary>So that nobody fails for a neighbour's sake.</summary>
    private async Task EachAloneAsync(List<PendingAppend> calls)
    {
        foreach (var call in calls)
        {
            if (await AppendAsync([call], null) is { } alone) await CloseAsync(alone);
        }
    }

    private async Task CloseAsync(EventGroup written)
    {
        try
        {
            await AcknowledgeAsync(written, await positions.ReleaseAsync(tenant, written.Reservation.Slot, CancellationToken.None));
        }
#pragma warning disable CA1031 // As above. The events are in the log, and whoever sends them again is told so.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            written.Fail(failure);
        }
    }

    /// <summary>Readers may have gone past the positions of a slot that lapsed: its events get new ones, once more if need be.</summary>
    private async Task AcknowledgeAsync(EventGroup written, bool hadLapsed)
    {
        while (hadLapsed)
        {
            int[] late = [.. written.Appended];
            var reservation = await positions.ReserveAsync(tenant, late.Length, 0, CancellationToken.None);
            await inserts.MoveAsync(tenant, written, late, reservation.First);
            hadLapsed = await positions.ReleaseAsync(tenant, reservation.Slot, CancellationToken.None);
        }
        written.Acknowledge();
    }

    /// <summary>Only after answers that say no is it known that nothing more of a group will arrive, so that it can be taken back.</summary>
    private static bool IsRefusal(Exception failure) => failure is StoreFullException or MongoCommandException or ArgumentException;

    private async Task<Exception?> UndoAsync(EventGroup group)
    {
        try
        {
            await inserts.RemoveAsync(tenant, group);
            await positions.ReleaseAsync(tenant, group.Reservation.Slot, CancellationToken.None);
            return null;
        }
        catch (StoreException failure)
        {
            return failure;
        }
    }
}
