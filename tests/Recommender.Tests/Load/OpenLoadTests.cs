using System.Collections.Immutable;
using System.Text.Json;
using Grpc.Net.Client;
using Recommender.Cli.Commands;
using Recommender.Cli.Load;
using Recommender.Cli.Reporting;

namespace Recommender.Tests.Load;

/// <summary>A server that takes every request and answers none.</summary>
public sealed class OpenLoadTests : IDisposable
{
    private readonly Silence _silence = new();
    private readonly GrpcChannel _channel;

    public OpenLoadTests() => _channel = GrpcChannel.ForAddress("http://nobody.invalid", new GrpcChannelOptions { HttpHandler = _silence });

    [Fact]
    public async Task What_is_not_answered_in_time_is_given_up_and_nothing_of_it_goes_on_into_the_next_step()
    {
        var step = await UnansweredAsync();

        Assert.Equal(20, _silence.Asked);
        Assert.Equal(0, _silence.Waiting);
        Assert.Equal(0, step.Latency.Count);
        Assert.Equal(new KeyValuePair<string, int>("unanswered", 20), Assert.Single(step.Errors));
    }

    [Fact]
    public async Task Where_nothing_was_answered_there_are_no_ratios_and_nothing_is_said_of_them()
    {
        var step = await UnansweredAsync();
        var result = new LoadResult
        {
            Options = new LoadOptions { Address = new Uri("http://nobody.invalid") },
            At = DateTimeOffset.UnixEpoch,
            Answered = "nothing",
            Customers = 1,
            Steps = [new LoadStep(step with { ServerMicroseconds = 0 }, step with { ServerMicroseconds = 3, Swaps = [new(TimeSpan.Zero, TimeSpan.FromSeconds(1))] })],
        };

        var figures = JsonDocument.Parse(LoadJson.Of(result)).RootElement.GetProperty("steps")[0];
        Assert.Equal(JsonValueKind.Null, figures.GetProperty("tail_ratio").ValueKind);
        Assert.Equal(JsonValueKind.Null, figures.GetProperty("cpu_ratio").ValueKind);
        string said = string.Join('\n', LoadTable.Sentences(result)) + LoadReport.Html(result);
        Assert.DoesNotContain("NaN", said, StringComparison.Ordinal);
        Assert.DoesNotContain("\u221e", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", said, StringComparison.Ordinal);
        Assert.Contains("20 unanswered", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_worst_second_of_a_swap_is_looked_for_from_its_beginning_to_the_second_after_its_end()
    {
        ImmutableArray<MeasuredSecond> seconds = [.. Enumerable.Range(0, 8).Select(second => new MeasuredSecond(second, 10, 0, TimeSpan.Zero, TimeSpan.FromMilliseconds(second switch { 0 or 6 => 90, 1 => 40, 5 => 50, _ => 1 })))];
        var step = (await UnansweredAsync()) with { Seconds = seconds, Swaps = [new(TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(3.1))] };

        Assert.Equal(1, step.WorstSwap!.Second);
        Assert.Equal(5, (step with { Swaps = [new(TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(4.1))] }).WorstSwap!.Second);
        Assert.Null((step with { Swaps = [] }).WorstSwap);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _silence.Dispose();
    }

    private async Task<MeasuredStep> UnansweredAsync() => await new OpenLoad([_channel], [], server: null, TimeProvider.System) { LongestDrain = TimeSpan.FromSeconds(0.2) }
        .RunAsync(LoadCall.Empty, ArrivalSchedule.Even(100, TimeSpan.FromSeconds(0.2)), TestContext.Current.CancellationToken);

    private sealed class Silence : HttpMessageHandler
    {
        private int _asked, _waiting;

        public int Asked => Volatile.Read(ref _asked);

        public int Waiting => Volatile.Read(ref _waiting);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            Interlocked.Increment(ref _waiting);
            try { await Task.Delay(Timeout.Infinite, cancellationToken); }
            finally { Interlocked.Decrement(ref _waiting); }
            throw new InvalidOperationException("Nothing is answered.");
        }
    }
}
