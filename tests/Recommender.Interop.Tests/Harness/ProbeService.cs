using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests.Harness;

internal sealed class ProbeService(ProbeState state, HealthStatuses health) : Probe.ProbeBase
{
    public const string Failure = "100% of ünicöde\nin two lines";

    public override Task<Message> Echo(Message request, ServerCallContext context) => Task.FromResult(request);

    public override Task<Message> Grow(Number request, ServerCallContext context) =>
        Task.FromResult(new Message { Payload = ByteString.CopyFrom(new byte[request.Value]) });

    public override Task<Message> Fail(Number request, ServerCallContext context)
    {
        var trailers = new Metadata { { "x-trailer", "t" }, { "x-trailer-bin", [0, 1, 255] } };
        throw new RpcException(new Status((StatusCode)request.Value, Failure), trailers);
    }

    public override Task<Message> Throw(Message request, ServerCallContext context) => throw new InvalidOperationException("a secret");

    public override Task<Message> Details(Message request, ServerCallContext context) =>
        throw RpcError.InvalidArgument("count", "must be 1 to 10000, got 0");

    public override async Task<Message> Sleep(Number request, ServerCallContext context)
    {
        state.Started();
        try
        {
            await Task.Delay(request.Value, context.CancellationToken);
            return new Message();
        }
        catch (OperationCanceledException)
        {
            state.SleepWasCancelled();
            throw;
        }
        finally
        {
            state.Ended();
        }
    }

    public override Task<Number> CancelledSleeps(Message request, ServerCallContext context) =>
        Task.FromResult(new Number { Value = state.CancelledSleeps });

    public override async Task<Seen> Headers(Message request, ServerCallContext context)
    {
        var seen = new Seen { SecondsLeft = (context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalSeconds };
        foreach (var entry in context.RequestHeaders)
            seen.Headers[entry.Key] = entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value;
        seen.Headers["method"] = context.Method;
        seen.Headers["peer"] = context.Peer.Split(':')[0];
        seen.Headers["payload"] = request.Payload.Length.ToString(CultureInfo.InvariantCulture);
        context.ResponseTrailers.Add("x-trail", "t");
        context.ResponseTrailers.Add("x-trail-bin", [9, 8, 7]);
        await context.WriteResponseHeadersAsync(new Metadata { { "x-head", "h" }, { "x-head-bin", [1, 2, 3, 4] } });
        return seen;
    }

    public override Task<Message> SetHealth(Interop.V1.Health request, ServerCallContext context)
    {
        if (request.Serving)
            health.SetServing("switched");
        else
            health.SetNotServing("switched");
        return Task.FromResult(new Message());
    }

    public override async Task Numbers(Counting request, IServerStreamWriter<Number> responseStream, ServerCallContext context)
    {
        for (int value = 0; value < request.Count; value++)
        {
            await responseStream.WriteAsync(new Number { Value = value }, context.CancellationToken);
            if (request.PauseMs > 0)
                await Task.Delay(request.PauseMs, context.CancellationToken);
        }
    }

    public override async Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context)
    {
        int sum = 0;
        await foreach (var number in requestStream.ReadAllAsync(context.CancellationToken))
            sum += number.Value;
        return new Number { Value = sum };
    }

    public override async Task Chat(
        IAsyncStreamReader<Message> requestStream, IServerStreamWriter<Message> responseStream, ServerCallContext context)
    {
        await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(message, context.CancellationToken);
    }

    public override async Task Flood(Number request, IServerStreamWriter<Message> responseStream, ServerCallContext context)
    {
        var message = new Message { Payload = ByteString.CopyFrom(new byte[request.Value]) };
        state.Started();
        try
        {
            while (true)
            {
                await responseStream.WriteAsync(message, context.CancellationToken);
                state.WroteFlood();
            }
        }
        finally
        {
            state.Ended();
        }
    }

    public override async Task<Message> Stall(IAsyncStreamReader<Message> requestStream, ServerCallContext context)
    {
        state.Started();
        try
        {
            await requestStream.MoveNext(context.CancellationToken);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new Message();
        }
        finally
        {
            state.Ended();
        }
    }
}
