using Grpc.Core;
using Recommender.Interop.Tests.Harness;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests;

public sealed class DeadlineTests
{
    private const int Calls = 4000;
    private const int LongestMs = 100;

    // Not more: a server takes a peer that gives up hundreds of streams in no time for an attack, and ends the connection.
    private const int AtOnce = 40;

    [Theory]
    [InlineData(Transport.Plain)]
    [InlineData(Transport.Tls)]
    public async Task Calls_that_race_their_deadlines_end_in_time_or_as_late_and_in_no_other_way(Transport transport)
    {
        await using var server = await ProbeServer.StartAsync(transport);
        using var channel = ProbeChannel.To(server);
        var random = new Random(20_261_122);
        using var atOnce = new SemaphoreSlim(AtOnce);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Calls)
            .Select(_ => (Deadline: random.Next(LongestMs), Work: random.Next(LongestMs))).ToList()
            .Select(async race =>
            {
                await atOnce.WaitAsync();
                try
                {
                    return await Race(channel.Probe, race.Deadline, race.Work);
                }
                finally
                {
                    atOnce.Release();
                }
            }));

        Assert.DoesNotContain(outcomes, outcome => outcome.StatusCode is not (StatusCode.OK or StatusCode.DeadlineExceeded));
        Assert.Contains(outcomes, outcome => outcome.StatusCode == StatusCode.OK);
        Assert.Contains(outcomes, outcome => outcome.StatusCode == StatusCode.DeadlineExceeded);
        await Eventually.True(() => server.State.Running == 0, "every handler has ended");
        Assert.Empty((await channel.Probe.EchoAsync(new Message())).Payload);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_already_fails_without_a_call()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server);
        var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1);
        var e = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.EchoAsync(new Message(), deadline: past));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
    }

    private static async Task<Status> Race(Probe.ProbeClient probe, int deadlineMs, int workMs)
    {
        try
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(deadlineMs);
            await probe.SleepAsync(new Number { Value = workMs }, deadline: deadline);
            return Status.DefaultSuccess;
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }
}
