using Google.Protobuf;
using Grpc.Core;
using Recommender.Interop.Tests.Harness;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests;

/// <summary>Who does not read is not written to: what waits for a slow reader is a few buffers, however long it waits.</summary>
public sealed class BackPressureTests
{
    private const int MessageSize = 64 * 1024;

    // HTTP/2 windows and buffers of both sides hold some hundred kilobytes to a megabyte; without back-pressure thousands would be written.
    private const int MostInFlight = 100;

    [Fact]
    public async Task A_server_stops_writing_to_a_client_that_does_not_read()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server);
        using var call = channel.Probe.Flood(new Number { Value = MessageSize });
        Assert.True(await call.ResponseStream.MoveNext());

        int written = await Eventually.Settled(() => server.State.FloodWritten, looks: 25);
        Assert.InRange(written, 1, MostInFlight);

        for (int i = 0; i < 500; i++)
            Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(server.State.FloodWritten > written, "the server goes on when the client reads again");
        call.Dispose();
        await Eventually.True(() => server.State.Running == 0, "the handler ends with its client");
    }

    [Fact]
    public async Task A_deadline_frees_a_handler_that_waits_for_its_client_to_read()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server);
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1);
        using var call = channel.Probe.Flood(new Number { Value = MessageSize }, deadline: deadline);
        Assert.True(await call.ResponseStream.MoveNext());
        await Eventually.True(() => server.State.Running == 0, "the handler ends at the deadline");
        Assert.InRange(server.State.FloodWritten, 1, MostInFlight);
    }

    [Fact]
    public async Task A_client_stops_writing_to_a_server_that_does_not_read()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server);
        using var call = channel.Probe.Stall();
        var message = new Message { Payload = ByteString.CopyFrom(new byte[MessageSize]) };
        int written = 0;
        var writing = Task.Run(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(message);
                Interlocked.Increment(ref written);
            }
        });

        await Eventually.True(() => Volatile.Read(ref written) > 0, "the first message is written");
        Assert.InRange(await Eventually.Settled(() => Volatile.Read(ref written), looks: 25), 1, MostInFlight);
        call.Dispose();
        var e = await Assert.ThrowsAsync<RpcException>(() => writing);
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        await Eventually.True(() => server.State.Running == 0, "the handler ends with its client");
    }
}
