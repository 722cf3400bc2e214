using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Recommender.Interop.Tests.Harness;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Server_interceptors_see_every_shape_of_call_outermost_first_and_may_answer_themselves()
    {
        var log = new ConcurrentQueue<string>();
        await using var server = await ProbeServer.StartAsync(Transport.Plain, options =>
        {
            options.Interceptors.Add<ServerLog>("outer", log);
            options.Interceptors.Add<ServerLog>("inner", log);
        });
        using var channel = ProbeChannel.To(server);

        await channel.Probe.EchoAsync(new Message());
        using var numbers = channel.Probe.Numbers(new Counting { Count = 1 });
        Assert.True(await numbers.ResponseStream.MoveNext());
        using var sum = channel.Probe.Sum();
        await sum.RequestStream.CompleteAsync();
        await sum;
        using var chat = channel.Probe.Chat();
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());

        string[] methods = ["Echo", "Numbers", "Sum", "Chat"];
        Assert.Equal(methods.SelectMany(method => new[] { $"outer {method}", $"inner {method}" }), log);
        var e = await Assert.ThrowsAsync<RpcException>(
            async () => await channel.Probe.EchoAsync(new Message(), new Metadata { { "x-refuse", "yes" } }));
        Assert.Equal((StatusCode.PermissionDenied, "refused by outer"), (e.StatusCode, e.Status.Detail));
    }

    [Fact]
    public async Task Client_interceptors_see_calls_outermost_first_and_change_their_headers()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server);
        var log = new ConcurrentQueue<string>();
        var probe = new Probe.ProbeClient(channel.Invoker.Intercept(new ClientLog("outer", log), new ClientLog("inner", log)));
        var seen = await probe.HeadersAsync(new Message());
        Assert.Equal(["outer", "inner"], log);
        Assert.Equal("inner", seen.Headers["x-last"]);
    }

    [Fact]
    public async Task An_interceptor_gets_what_it_needs_from_the_container()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain, options => options.Interceptors.Add<CountCalls>());
        using var channel = ProbeChannel.To(server);
        await channel.Probe.EchoAsync(new Message());
        await channel.Probe.EchoAsync(new Message());
        Assert.Equal(2, server.State.Running);
    }

    private sealed class CountCalls(ProbeState state) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            state.Started();
            return continuation(request, context);
        }
    }

    private sealed class ServerLog(string name, ConcurrentQueue<string> log) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            if (context.RequestHeaders.GetValue("x-refuse") is not null)
                throw new RpcException(new Status(StatusCode.PermissionDenied, $"refused by {name}"));
            Note(context);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, responseStream, context);
        }

        private void Note(ServerCallContext context) => log.Enqueue($"{name} {context.Method.Split('/')[^1]}");
    }

    private sealed class ClientLog(string name, ConcurrentQueue<string> log) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            log.Enqueue(name);
            var headers = new Metadata { { "x-last", name } };
            return continuation(request, new(context.Method, context.Host, context.Options.WithHeaders(headers)));
        }
    }
}
