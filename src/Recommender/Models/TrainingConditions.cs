namespace Recommender.Models;

/// <summary>Under which conditions a training runs. Of these only the seed decides what is learned.</summary>
public sealed record TrainingConditions
{
    /// <summary>The same set, recipe and seed give the same factors to the byte, whatever the threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Cores to use.</summary>
    public int Threads
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "A training needs a thread.");
    } = Environment.ProcessorCount;

    /// <summary>Memory it may take; what is estimated to take more is refused before it starts.</summary>
    public long AvailableBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>For the card.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told about a thousand times, from any thread; null where nobody looks.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Keeps how far the factors have come, and goes on from there; null where a training that is stopped starts again.</summary>
    public ISweepCheckpoint? Checkpoint { get; init; }

    /// <summary>A sweep is kept when the last one that was kept is so old: writing and flushing takes its time, and so little is lost.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);
}
