using System.Text.Json;

namespace Recommender.Cli.Load;

/// <summary>All figures of a measurement, in milliseconds where nothing else is said.</summary>
internal static class LoadJson
{
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Of(LoadResult result) => JsonSerializer.Serialize(new
    {
        result.At,
        Address = result.Options.Address.ToString(),
        result.Answered,
        result.Customers,
        result.Options.Scenario,
        result.Options.Count,
        result.Options.Connections,
        result.Options.Preview,
        Arrivals = result.Options.Poisson ? "poisson" : "even",
        Seconds = result.Options.Step.TotalSeconds,
        result.Saturation,
        EmptyCall = "grpc.health.v1.Health/Check",
        Steps = result.Steps.Select(step => new
        {
            step.Rate,
            step.CpuRatio,
            step.TailRatio,
            Empty = Of(step.Empty),
            Recommend = Of(step.Recommend),
            Beside = step.Beside is { } beside ? Of(beside) : null,
            step.Work,
        }),
    }, _options);

    private static object Of(MeasuredStep step) => new
    {
        step.Sent,
        Answered = step.Latency.Count,
        AnsweredPerSecond = step.Achieved,
        P50 = step.Latency.At(50).TotalMilliseconds,
        P95 = step.Latency.At(95).TotalMilliseconds,
        P99 = step.Latency.At(99).TotalMilliseconds,
        P999 = step.Latency.At(99.9).TotalMilliseconds,
        Max = step.Latency.Max.TotalMilliseconds,
        step.Errors,
        step.ServerMicroseconds,
        SentLateMicroseconds = new { P50 = step.Lateness.At(50).TotalMicroseconds, P99 = step.Lateness.At(99).TotalMicroseconds, Max = step.Lateness.Max.TotalMicroseconds },
        step.OwnCores,
        Swaps = step.Swaps.Select(swap => new { BeginSeconds = swap.Begin.TotalSeconds, EndSeconds = swap.End.TotalSeconds }),
        Seconds = step.Seconds.Select(second => new { second.Second, second.Answered, second.Failed, P50 = second.Median.TotalMilliseconds, P99 = second.P99.TotalMilliseconds }),
    };
}
