namespace Recommender.Storage.Mongo;

/// <summary>How patient the store is, and how much it does at once.</summary>
internal sealed record MongoOptions
{
    /// <summary>How long an operation may take, repetitions included; whoever calls with a shorter deadline waits no longer than that.</summary>
    public TimeSpan LongestOperation { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The same for building an index or counting a whole collection.</summary>
    public TimeSpan LongestSlowOperation { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a server may take to answer for the first time, before the store is said to be out of reach.</summary>
    public TimeSpan LongestOpening { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Commands under way at once, where the URI has no <c>maxPoolSize</c>; further ones wait. Each has a connection and, through libmongoc, a thread.
    /// </summary>
    public int Connections { get; init; } = 8;

    /// <summary>The same for work that may take many minutes, which has connections of its own so that it is in nobody's way.</summary>
    public int SlowConnections { get; init; } = 2;

    /// <summary>Commands that may wait for a connection; further ones are turned away, and come again after a pause until their time is over.</summary>
    public int MostWaiting { get; init; } = 1_024;

    /// <summary>The same in bytes. One command alone may be larger.</summary>
    public long MostWaitingBytes { get; init; } = 64L << 20;

    /// <summary>How often a server looks whether others have changed something.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a server is told to look at what is seldom changed, whether it was or not: bounds how long a change is missed whose note was lost.</summary>
    public TimeSpan RemindEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often each server of the deployment is asked for its state, where the URI has no <c>heartbeatFrequencyMS</c>; at least 500 ms.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    // What else the driver is told where the URI says nothing.

    /// <summary>
    /// How long a command waits for a server that can take it. Well below an operation, so that a connection comes free for the next one, and below an
    /// opening, so that there is an answer why.
    /// </summary>
    public TimeSpan ServerSelection => TimeSpan.FromTicks(Math.Min(Math.Min(LongestOperation.Ticks / 4, LongestOpening.Ticks / 2), TimeSpan.FromSeconds(2).Ticks));

    /// <summary>How long making a connection, or asking a server for its state, may take.</summary>
    public TimeSpan Connecting => TimeSpan.FromTicks(Math.Min(LongestOperation.Ticks, TimeSpan.FromSeconds(3).Ticks));

    /// <summary>A little more than an operation: a connection to a server that hangs is given up only when nobody waits for it any longer.</summary>
    public TimeSpan Silence => LongestOperation + TimeSpan.FromSeconds(1);

    public TimeSpan SlowSilence => LongestSlowOperation + TimeSpan.FromSeconds(1);

    /// <summary>The folder in which models that were asked for are kept on this machine; null for one below the user's caches.</summary>
    public string? ModelCache { get; init; }

    /// <summary>
    /// How long after an erasure its people are looked for once more, and named until then: longer than a server that had not heard of it may be at a write,
    /// which is mostly three operations, and what of it the network still has.
    /// </summary>
    public TimeSpan SweepAfter { get; init; } = TimeSpan.FromSeconds(70);

    /// <summary>
    /// How long an erasure stands still after its server died, before another goes on with it. Longer than events may be on their way, which it waits for.
    /// </summary>
    public TimeSpan ErasureLease { get; init; } = TimeSpan.FromSeconds(60);
}
