using System.Collections.Immutable;

namespace Recommender.Cli.Load;

/// <summary>One arrival rate: the empty call and, right after it, the recommendation.</summary>
internal sealed record LoadStep(MeasuredStep Empty, MeasuredStep Recommend)
{
    public double Rate => Recommend.Rate;

    /// <summary>The recommendation once more, beside <see cref="Work"/>; null where nothing was asked for.</summary>
    public MeasuredStep? Beside { get; init; }

    /// <summary>What the server did meanwhile.</summary>
    public BesideWork? Work { get; init; }

    /// <summary>All that was measured, in order.</summary>
    public IEnumerable<MeasuredStep> Measured => Beside is null ? [Empty, Recommend] : [Empty, Recommend, Beside];

    /// <summary>The server's CPU time for a recommendation over that for an empty call; null where nobody tells, or the clock was too coarse for the empty one.</summary>
    public double? CpuRatio => Empty.ServerMicroseconds > 0 ? Recommend.ServerMicroseconds / Empty.ServerMicroseconds : null;

    /// <summary>The 99th percentile over the median; null where nothing was answered.</summary>
    public double? TailRatio => Recommend.Latency.At(50) > TimeSpan.Zero ? Recommend.Latency.At(99) / Recommend.Latency.At(50) : null;
}

/// <summary>What was measured of a server.</summary>
internal sealed record LoadResult
{
    public required LoadOptions Options { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What the first answer said of itself.</summary>
    public required string Answered { get; init; }

    public required int Customers { get; init; }

    /// <summary>The greatest rate the server kept up with; null where the rates were given.</summary>
    public double? Saturation { get; init; }

    public required ImmutableArray<LoadStep> Steps { get; init; }

    public int? ServerPid { get; init; }

    /// <summary>The step that is spoken of: nearest to half of the saturation, or the middle one of the rates given.</summary>
    public LoadStep Headline => Saturation is { } most ? Steps.MinBy(step => Math.Abs(step.Rate - most / 2))! : Steps[Steps.Length / 2];
}
