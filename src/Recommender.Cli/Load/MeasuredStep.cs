using System.Collections.Immutable;

namespace Recommender.Cli.Load;

/// <summary>What one call answered at one arrival rate.</summary>
internal sealed record MeasuredStep
{
    public required string Call { get; init; }

    /// <summary>Requests a second that were due.</summary>
    public required double Rate { get; init; }

    /// <summary>Answers a second, from the first request's moment to the last answer.</summary>
    public required double Achieved { get; init; }

    public required int Sent { get; init; }

    /// <summary>Of what was answered, from the moment each request was due.</summary>
    public required Percentiles Latency { get; init; }

    /// <summary>By how much the generator itself sent too late.</summary>
    public required Percentiles Lateness { get; init; }

    public required ImmutableArray<MeasuredSecond> Seconds { get; init; }

    /// <summary>Requests without an answer, by status.</summary>
    public required ImmutableSortedDictionary<string, int> Errors { get; init; }

    /// <summary>The server's, in microseconds for each answer; null where nobody tells.</summary>
    public double? ServerMicroseconds { get; init; }

    /// <summary>The generator's CPU time in cores.</summary>
    public required double OwnCores { get; init; }

    /// <summary>When other versions of the model went live.</summary>
    public ImmutableArray<ModelSwap> Swaps { get; init; } = [];

    /// <summary>The worst of the seconds that swaps had a part in; null where there were none.</summary>
    public MeasuredSecond? WorstSwap => Seconds.Where(IsOfSwap).MaxBy(second => second.P99);

    public int Failed => Errors.Values.Sum();

    /// <summary>Of the seconds that were whole; a swap of models shows here.</summary>
    public MeasuredSecond? WorstSecond => Seconds.Length == 0 ? null : Seconds.MaxBy(second => second.P99);

    /// <summary>The 99th percentile of the second in the middle.</summary>
    public TimeSpan UsualSecond => Seconds.Length == 0 ? TimeSpan.Zero : Seconds.Select(second => second.P99).Order().ElementAt(Seconds.Length / 2);

    public bool IsOfSwap(MeasuredSecond second) => Swaps.Any(swap => swap.Concerns(second.Second));
}

/// <summary>The requests that were due in one second of a step.</summary>
/// <param name="Second">From 0.</param>
internal sealed record MeasuredSecond(int Second, int Answered, int Failed, TimeSpan Median, TimeSpan P99);
