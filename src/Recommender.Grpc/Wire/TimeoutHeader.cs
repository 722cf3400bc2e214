using System.Globalization;

namespace Recommender.Grpc.Wire;

/// <summary>The grpc-timeout header: at most eight digits and a unit (H, M, S, m, u, n).</summary>
internal static class TimeoutHeader
{
    private const long MaxDigits = 99_999_999;

    // Timers reach this far; a longer deadline is cut to it (about 24 days).
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(int.MaxValue - 1);

    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
            return "1n";
        long microseconds = (timeout.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;
        if (microseconds <= MaxDigits)
            return string.Create(CultureInfo.InvariantCulture, $"{microseconds}u");
        long milliseconds = microseconds / 1000;
        return milliseconds <= MaxDigits
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(milliseconds / 1000, MaxDigits)}S");
    }

    /// <summary>False if the text is not a timeout; the call then has no deadline.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long amount))
            return false;
        double ticks = text[^1] switch
        {
            'H' => amount * (double)TimeSpan.TicksPerHour,
            'M' => amount * (double)TimeSpan.TicksPerMinute,
            'S' => amount * (double)TimeSpan.TicksPerSecond,
            'm' => amount * (double)TimeSpan.TicksPerMillisecond,
            'u' => amount * (double)TimeSpan.TicksPerMicrosecond,
            'n' => Math.Ceiling(amount / (double)TimeSpan.NanosecondsPerTick),
            _ => -1,
        };
        if (ticks < 0)
            return false;
        timeout = ticks >= _longest.Ticks ? _longest : new TimeSpan((long)ticks);
        return true;
    }
}
