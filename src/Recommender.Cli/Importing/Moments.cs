using System.Globalization;

namespace Recommender.Cli.Importing;

internal enum TimeFormat
{
    /// <summary>ISO 8601, or a number: up to 11 digits are seconds since 1970, more are milliseconds.</summary>
    Any,
    Iso,
    Seconds,
    Milliseconds,
}

/// <summary>Points in time as files write them. A time without a zone is UTC.</summary>
internal static class Moments
{
    private const double FirstMilliseconds = 1e11;
    private const double LastMilliseconds = 253402300799999;

    public static bool TryParse(ReadOnlySpan<char> text, TimeFormat format, out DateTimeOffset moment)
    {
        moment = default;
        // The year first and then a hyphen: 01/02/2011 means two days, depending on who reads it.
        if (text.Length >= 10 && text[4] == '-' && text[7] == '-')
            return format is TimeFormat.Any or TimeFormat.Iso && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);
        if (format == TimeFormat.Iso || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return false;
        bool seconds = format == TimeFormat.Seconds || (format == TimeFormat.Any && Math.Abs(number) < FirstMilliseconds);
        double milliseconds = Math.Round(seconds ? number * 1000 : number);
        if (!(Math.Abs(milliseconds) <= LastMilliseconds)) return false;
        if (milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()) return false;
        moment = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return true;
    }

    public static string Advice(TimeFormat format) => format switch
    {
        TimeFormat.Iso => "is not a time; write it as 2026-11-22T04:15:00Z",
        TimeFormat.Seconds => "is not a time; write seconds since 1970",
        TimeFormat.Milliseconds => "is not a time; write milliseconds since 1970",
        _ => "is not a time; write it as 2026-11-22T04:15:00Z or in seconds or milliseconds since 1970",
    };
}
