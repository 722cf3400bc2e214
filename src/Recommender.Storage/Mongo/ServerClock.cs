using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// The server's clock, which is everybody's, asked for once a minute and followed by this machine's steady one in between. Good to a second; the clocks of two
/// servers may differ by more, so that nothing may rest on it but how long somebody waits.
/// </summary>
internal sealed class ServerClock(MongoDatabase database)
{
    private static readonly TimeSpan _longestTrusted = TimeSpan.FromMinutes(1);
    private volatile Reading? _last;

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public async Task<long> NowAsync(CancellationToken cancellation)
    {
        var reading = _last;
        if (reading is null || database.Time.GetElapsedTime(reading.Timestamp) > _longestTrusted) _last = reading = await ReadAsync(cancellation);
        return reading.Milliseconds + (long)database.Time.GetElapsedTime(reading.Timestamp).TotalMilliseconds;
    }

    private async Task<Reading> ReadAsync(CancellationToken cancellation)
    {
        using var reply = await database.RunAsync(command => command.Int32("hello", 1), MongoTarget.Primary, cancellation);
        var fields = reply.Read();
        return fields.Find("localTime"u8) ? new Reading(fields.Date(), database.Time.GetTimestamp()) : throw new InvalidBsonException("The answer to hello has no localTime.");
    }

    private sealed record Reading(long Milliseconds, long Timestamp);
}
