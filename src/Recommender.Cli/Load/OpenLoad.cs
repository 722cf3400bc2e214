using Grpc.Core;
using Grpc.Net.Client;

namespace Recommender.Cli.Load;

/// <summary>Sends calls to a server at the moments of a schedule, whatever it answers.</summary>
/// <param name="connections">Used in turn.</param>
/// <param name="server">Whose CPU time is counted; null where nobody tells.</param>
internal sealed class OpenLoad(IReadOnlyList<GrpcChannel> connections, Metadata headers, ProcessCpu? server, TimeProvider time)
{
    // What waits takes memory here and there; a server that is so far behind has been found out.
    private const int MostWaiting = 10_000;

    private readonly CallInvoker[] _invokers = [.. connections.Select(channel => channel.CreateCallInvoker())];
    private int _next;

    /// <summary>How long after the last request an answer is waited for. What has none by then is given up, so that the next step begins with nothing under way.</summary>
    public TimeSpan LongestDrain { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<MeasuredStep> RunAsync(LoadCall call, ArrivalSchedule schedule, CancellationToken cancellation)
    {
        var samples = new Samples(schedule);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (ownBefore, serverBefore, start) = (Environment.CpuUsage.TotalTime, server?.Read(), time.GetTimestamp());
        // A thread of its own, so that answers that come in never make it wait for one.
        var late = await Task.Factory.StartNew(() => Send(call, schedule, samples, giveUp.Token), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(samples.Done, Task.Delay(LongestDrain, time, cancellation));
        await giveUp.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        // Who gave up settles its sample, too: nobody writes there any more.
        await samples.Done;
        var (ownAfter, serverAfter, elapsed) = (Environment.CpuUsage.TotalTime, server?.Read(), time.GetElapsedTime(start));
        var latency = samples.Latency();
        return new MeasuredStep
        {
            Call = call.Name,
            Rate = schedule.Rate,
            // A lone request takes its time, too; its length is that of a schedule with one place.
            Achieved = latency.Count / Math.Max(samples.Length.TotalSeconds, schedule.Count / schedule.Rate),
            Sent = schedule.Count,
            Latency = latency,
            Lateness = new Percentiles([.. late.Select(one => one.Ticks)]),
            Seconds = samples.Seconds(),
            Errors = samples.Errors,
            ServerMicroseconds = latency.Count > 0 ? (serverAfter - serverBefore)?.TotalMicroseconds / latency.Count : null,
            OwnCores = (ownAfter - ownBefore) / elapsed,
        };
    }

    /// <summary>Asks as often as answers come, from several places at once: to have everything compiled and read, and to see what is possible.</summary>
    /// <returns>Answers a second.</returns>
    public async Task<double> WarmUpAsync(LoadCall call, TimeSpan atLeast, int lanes, CancellationToken cancellation)
    {
        int asked = 0;
        long start = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async _ =>
        {
            // Everybody once at least, however long it takes.
            for (int n = Interlocked.Increment(ref asked); n <= call.Requests.Count || time.GetElapsedTime(start) < atLeast; n = Interlocked.Increment(ref asked))
            {
                cancellation.ThrowIfCancellationRequested();
                using var answer = Ask(call, n, cancellation);
                await answer;
            }
        }));
        return (asked - lanes) / time.GetElapsedTime(start).TotalSeconds;
    }

    private TimeSpan[] Send(LoadCall call, ArrivalSchedule schedule, Samples samples, CancellationToken giveUp)
    {
        PreciseRest.PrepareThread();
        int waiting = 0;
        int first = _next;
        _next = (_next + schedule.Count) % call.Requests.Count;
        return new Pacer(time, PreciseRest.For).Run(schedule, (n, due) =>
        {
            if (Volatile.Read(ref waiting) >= MostWaiting) samples.HeldBack(n);
            else _ = AnswerAsync(n, due);
        }, giveUp);

        async Task AnswerAsync(int n, long due)
        {
            Interlocked.Increment(ref waiting);
            StatusCode? status = null;
            try
            {
                using var answer = Ask(call, first + n, giveUp);
                await answer.ResponseAsync.ConfigureAwait(false);
                status = StatusCode.OK;
            }
            catch (RpcException) when (giveUp.IsCancellationRequested) { }
            catch (RpcException problem) { status = problem.StatusCode; }
            finally
            {
                Interlocked.Decrement(ref waiting);
                if (status is { } answered) samples.Answered(n, answered, time.GetElapsedTime(due));
                else samples.GivenUp(n);
            }
        }
    }

    private AsyncUnaryCall<LoadCall.Reply> Ask(LoadCall call, int n, CancellationToken cancellation) =>
        _invokers[n % _invokers.Length].AsyncUnaryCall(call.Method, null, new CallOptions(headers, cancellationToken: cancellation), call.Requests[n % call.Requests.Count]);
}
