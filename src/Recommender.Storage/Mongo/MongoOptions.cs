namespace Recommender.Storage.Mongo;

/// <summary>How patient the store is, and how much it does at once.</summary>
internal sealed record MongoOptions
{
    /// <summary>How long an operation may take, repetitions included; whoever calls with a shorter deadline waits no longer than that.</summary>
    public TimeSpan LongestOperation { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The same for building an index or counting a whole collection.</summary>
    public TimeSpan LongestSlowOperation { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Commands under way at once; further ones wait. Each has a connection and, through libmongoc, a thread.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>How often a server looks whether others have changed something.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The folder in which models that were asked for are kept on this machine; null for one below the user's caches.</summary>
    public string? ModelCache { get; init; }

    /// <summary>
    /// How long an erasure stands still after its server died, before another goes on with it. Longer than events may be on their way, which it waits for.
    /// </summary>
    public TimeSpan ErasureLease { get; init; } = TimeSpan.FromSeconds(60);
}
