namespace Recommender.Cli.Load;

/// <summary>Sends each request when it is due, and at once what is overdue: nothing is left out to catch up. On the caller's thread.</summary>
/// <param name="rest">Waits about so long; rather less than more.</param>
internal sealed class Pacer(TimeProvider time, Action<TimeSpan> rest)
{
    /// <param name="send">Given the request and the timestamp when it was due, from which its latency counts.</param>
    /// <returns>By how much each was late on its way out: the generator's own part of what was measured.</returns>
    public TimeSpan[] Run(ArrivalSchedule schedule, Action<int, long> send, CancellationToken cancellation)
    {
        var late = new TimeSpan[schedule.Count];
        long start = time.GetTimestamp();
        for (int n = 0; n < schedule.Count; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            var left = schedule[n] - time.GetElapsedTime(start);
            for (; left > TimeSpan.Zero; left = schedule[n] - time.GetElapsedTime(start)) rest(left);
            late[n] = -left;
            send(n, start + (long)Math.Round(schedule[n].TotalSeconds * time.TimestampFrequency));
        }
        return late;
    }
}
