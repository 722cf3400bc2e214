using System.Collections.Immutable;
using System.Globalization;
using Grpc.Core;

namespace Recommender.Cli.Load;

/// <summary>One step's requests, each with a place of its own: whoever gets an answer writes there and waits for nobody.</summary>
internal sealed class Samples(ArrivalSchedule schedule)
{
    // StatusCode goes to 16.
    private const byte NotSent = 254, Unanswered = 255;

    private readonly long[] _ticks = new long[schedule.Count];
    private readonly byte[] _status = [.. Enumerable.Repeat(Unanswered, schedule.Count)];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = schedule.Count;

    /// <summary>Ends when every request is settled.</summary>
    public Task Done => _done.Task;

    public void Answered(int request, StatusCode status, TimeSpan latency)
    {
        _ticks[request] = latency.Ticks;
        Settle(request, (byte)status);
    }

    /// <summary>There were too many waiting already.</summary>
    public void HeldBack(int request) => Settle(request, NotSent);

    /// <summary>No answer came in time.</summary>
    public void GivenUp(int request) => Settle(request, Unanswered);

    public Percentiles Latency(Predicate<int>? which = null) =>
        new([.. Enumerable.Range(0, schedule.Count).Where(n => _status[n] == (byte)StatusCode.OK && which?.Invoke(n) != false).Select(n => _ticks[n])]);

    /// <summary>From the beginning to the last answer.</summary>
    public TimeSpan Length => Enumerable.Range(0, schedule.Count).Where(n => _status[n] == (byte)StatusCode.OK)
        .Select(n => schedule[n] + new TimeSpan(_ticks[n])).DefaultIfEmpty().Max();

    public ImmutableSortedDictionary<string, int> Errors => _status.Where(status => status != (byte)StatusCode.OK).GroupBy(NameOf, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>What was due second by second, without a last one that is not whole.</summary>
    public ImmutableArray<MeasuredSecond> Seconds()
    {
        var seconds = Enumerable.Range(0, schedule.Count).GroupBy(n => (int)schedule[n].TotalSeconds).Select(group =>
        {
            var answered = new Percentiles([.. group.Where(n => _status[n] == (byte)StatusCode.OK).Select(n => _ticks[n])]);
            return new MeasuredSecond(group.Key, answered.Count, group.Count() - answered.Count, answered.At(50), answered.At(99));
        }).ToList();
        if (seconds.Count > 1 && seconds[^1].Answered + seconds[^1].Failed < 0.9 * schedule.Rate) seconds.RemoveAt(seconds.Count - 1);
        return [.. seconds];
    }

    private void Settle(int request, byte status)
    {
        _status[request] = status;
        if (Interlocked.Decrement(ref _left) == 0) _done.TrySetResult();
    }

    private static string NameOf(byte status) => status switch
    {
        NotSent => "not sent, too many waiting",
        Unanswered => "unanswered",
        _ when Enum.IsDefined((StatusCode)status) => ((StatusCode)status).ToString(),
        _ => status.ToString(CultureInfo.InvariantCulture),
    };
}
