using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Recommender.Grpc;

namespace Recommender.Server.Json;

/// <summary>
/// The deadline of a JSON call: the header grpc-timeout with gRPC's own values, such as 500m (milliseconds) or 2S (seconds).
/// </summary>
internal static class TimeoutHeader
{
    public const string Name = "grpc-timeout";

    // Timers reach about 49 days; nobody waits for more than one.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <exception cref="RpcException">InvalidArgument: the header is there and no timeout.</exception>
    public static TimeSpan? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Name, out var values)) return null;
        string text = values.ToString();
        double seconds = text.Length is < 2 or > 9 ? -1 : text[^1] switch
        {
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            'm' => 1e-3,
            'u' => 1e-6,
            'n' => 1e-9,
            _ => -1,
        };
        if (seconds < 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int amount))
            throw RpcError.InvalidArgument(
                Name, $"the header must be up to 8 digits and one of H, M, S, m, u, n, such as 500m for half a second, not '{text}'");
        return TimeSpan.FromSeconds(Math.Min(amount * seconds, _longest.TotalSeconds));
    }
}
