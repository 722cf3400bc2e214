using Google.Protobuf.WellKnownTypes;
using Recommender.Server.Errors;

namespace Recommender.Server;

/// <summary>Timestamps from outside, which may hold any two numbers.</summary>
internal static class WireTime
{
    // 0001-01-01 and 9999-12-31T23:59:59, in seconds from 1970: what the protocol allows.
    private const long First = -62135596800;
    private const long Last = 253402300799;

    public static DateTimeOffset Read(Timestamp time, string field, RequestCheck check)
    {
        if (time.Seconds is >= First and <= Last && time.Nanos is >= 0 and < 1_000_000_000) return time.ToDateTimeOffset();
        check.Add(field, $"is not a time: seconds {time.Seconds}, nanos {time.Nanos}");
        return DateTimeOffset.UnixEpoch;
    }
}
