using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Interop.Tests.Harness;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests;

/// <summary>Our client against our server and those of other makers: the same answers from each, over each transport.</summary>
public sealed class ClientTests(ProbeServers servers) : IClassFixture<ProbeServers>
{
    public static readonly MatrixTheoryData<Maker, Transport> Servers = new(Enum.GetValues<Maker>(), Enum.GetValues<Transport>());

    [Theory, MemberData(nameof(Servers))]
    public async Task A_message_of_any_size_comes_back_as_it_was(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        foreach (int size in new[] { 0, 1, 1000, 70_000, 1 << 20, 5 << 20 })
        {
            byte[] payload = new byte[size];
            new Random(size).NextBytes(payload);
            var answer = await channel.Probe.EchoAsync(new Message { Payload = ByteString.CopyFrom(payload) });
            Assert.True(answer.Payload.Span.SequenceEqual(payload), $"{size} bytes changed");
        }
        Assert.Equal(3, GrowBlocking(channel.Probe, 3).Payload.Length);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_stream_of_responses_arrives_whole_and_in_order(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        using var call = channel.Probe.Numbers(new Counting { Count = 100 });
        var numbers = new List<int>();
        await foreach (var number in call.ResponseStream.ReadAllAsync())
            numbers.Add(number.Value);
        Assert.Equal(Enumerable.Range(0, 100), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);

        using var empty = channel.Probe.Numbers(new Counting { Count = 0 });
        Assert.False(await empty.ResponseStream.MoveNext());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_stream_of_requests_arrives_whole(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        using var call = channel.Probe.Sum();
        for (int i = 0; i < 1000; i++)
            await call.RequestStream.WriteAsync(new Number { Value = i });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(499_500, (await call).Value);

        using var empty = channel.Probe.Sum();
        await empty.RequestStream.CompleteAsync();
        Assert.Equal(0, (await empty).Value);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Both_sides_can_talk_in_turn(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        using var call = channel.Probe.Chat();
        for (int i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new Message { Payload = ByteString.CopyFromUtf8($"{i}") });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Payload.ToStringUtf8());
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_request_over_the_servers_limit_is_refused(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        var tooLarge = new Message { Payload = ByteString.CopyFrom(new byte[ProbeServer.MaxReceiveMessageSize + 1]) };
        var e = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.EchoAsync(tooLarge));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_message_over_the_clients_limit_is_refused_though_it_is_small_when_compressed(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport, options =>
        {
            options.MaxReceiveMessageSize = 50_000;
            options.MaxSendMessageSize = 50_000;
        });
        var received = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.GrowAsync(new Number { Value = 50_001 }));
        Assert.Equal(StatusCode.ResourceExhausted, received.StatusCode);
        var tooLarge = new Message { Payload = ByteString.CopyFrom(new byte[50_001]) };
        var sent = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.EchoAsync(tooLarge));
        Assert.Equal(StatusCode.ResourceExhausted, sent.StatusCode);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_deadline_ends_the_call_on_both_sides(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        int before = await CancelledSleeps(channel);
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);
        var e = await Assert.ThrowsAsync<RpcException>(
            async () => await channel.Probe.SleepAsync(new Number { Value = 20_000 }, deadline: deadline));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await UntilCancelled(channel, before + 1);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_cancellation_ends_the_call_on_both_sides(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        int before = await CancelledSleeps(channel);
        using var cancel = new CancellationTokenSource(200);
        var e = await Assert.ThrowsAsync<RpcException>(
            async () => await channel.Probe.SleepAsync(new Number { Value = 20_000 }, cancellationToken: cancel.Token));
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        await UntilCancelled(channel, before + 1);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_stream_can_be_given_up_by_deadline_by_token_and_by_disposal(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        var slow = new Counting { Count = 1000, PauseMs = 50 };

        using var late = channel.Probe.Numbers(slow, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(400));
        var e = await Assert.ThrowsAsync<RpcException>(async () => await late.ResponseStream.ReadAllAsync().CountAsync());
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);

        using var cancel = new CancellationTokenSource();
        using var cancelled = channel.Probe.Numbers(slow);
        Assert.True(await cancelled.ResponseStream.MoveNext());
        await cancel.CancelAsync();
        e = await Assert.ThrowsAsync<RpcException>(async () => await cancelled.ResponseStream.ReadAllAsync(cancel.Token).CountAsync());
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);

        var disposed = channel.Probe.Numbers(slow);
        Assert.True(await disposed.ResponseStream.MoveNext());
        disposed.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await disposed.ResponseStream.MoveNext());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_error_brings_its_code_its_text_and_its_trailers(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        for (int code = 1; code <= 16; code++)
        {
            var e = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.FailAsync(new Number { Value = code }));
            Assert.Equal((StatusCode)code, e.StatusCode);
            Assert.Equal("100% of ünicöde\nin two lines", e.Status.Detail);
            Assert.Equal("t", e.Trailers.GetValue("x-trailer"));
            Assert.Equal([0, 1, 255], e.Trailers.GetValueBytes("x-trailer-bin")!);
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_error_brings_its_details(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        var e = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.DetailsAsync(new Message()));
        Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
        Assert.Equal("count: must be 1 to 10000, got 0", e.GetRichStatus()!.Message);
        var violation = Assert.Single(e.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal(("count", "must be 1 to 10000, got 0"), (violation.Field, violation.Description));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_handlers_unexpected_exception_and_a_method_that_is_not_there_are_errors(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        var thrown = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.ThrowAsync(new Message()));
        Assert.Equal(StatusCode.Unknown, thrown.StatusCode);
        if (maker == Maker.Ours)
            Assert.DoesNotContain("secret", thrown.Status.Detail, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.MissingAsync(new Message()));
        Assert.Equal(StatusCode.Unimplemented, missing.StatusCode);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Metadata_goes_both_ways_as_text_and_as_bytes(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        var headers = new Metadata { { "x-in", "v" }, { "x-in-bin", [0, 255, 16] } };
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10);
        using var call = channel.Probe.HeadersAsync(new Message(), headers, deadline);
        var sent = await call.ResponseHeadersAsync;
        var seen = await call;
        Assert.Equal(("v", "00FF10"), (seen.Headers["x-in"], seen.Headers["x-in-bin"]));
        Assert.InRange(seen.SecondsLeft, 5, 10.1);
        Assert.Equal("h", sent.GetValue("x-head"));
        Assert.Equal([1, 2, 3, 4], sent.GetValueBytes("x-head-bin")!);
        Assert.Equal("t", call.GetTrailers().GetValue("x-trail"));
        Assert.Equal([9, 8, 7], call.GetTrailers().GetValueBytes("x-trail-bin")!);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Two_thousand_calls_at_once_each_get_their_own_answer(Maker maker, Transport transport)
    {
        using var channel = await servers.ConnectAsync(maker, transport);
        var answers = await Task.WhenAll(Enumerable.Range(0, 2000).Select(
            i => channel.Probe.EchoAsync(new Message { Payload = ByteString.CopyFromUtf8($"{i}") }).ResponseAsync));
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{i}"), answers.Select(answer => answer.Payload.ToStringUtf8()));
    }

    private static Message GrowBlocking(Probe.ProbeClient probe, int bytes) => probe.Grow(new Number { Value = bytes });

    private static async Task<int> CancelledSleeps(ProbeChannel channel) =>
        (await channel.Probe.CancelledSleepsAsync(new Message())).Value;

    // A server of another maker tells only when asked.
    private static async Task UntilCancelled(ProbeChannel channel, int count)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        while (await CancelledSleeps(channel) < count)
            await Task.Delay(20, patience.Token);
    }
}
