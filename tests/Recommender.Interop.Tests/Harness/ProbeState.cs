namespace Recommender.Interop.Tests.Harness;

/// <summary>What happened in a server under test.</summary>
public sealed class ProbeState
{
    private int _cancelledSleeps, _running, _floodWritten;

    public int CancelledSleeps => Volatile.Read(ref _cancelledSleeps);

    /// <summary>Handlers of Sleep, Flood and Stall that have not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    public int FloodWritten => Volatile.Read(ref _floodWritten);

    internal void SleepWasCancelled() => Interlocked.Increment(ref _cancelledSleeps);
    internal void Started() => Interlocked.Increment(ref _running);
    internal void Ended() => Interlocked.Decrement(ref _running);
    internal void WroteFlood() => Interlocked.Increment(ref _floodWritten);
}
