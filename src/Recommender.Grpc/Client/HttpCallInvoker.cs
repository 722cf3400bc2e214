using Grpc.Core;
using Grpc.Net.Client;

namespace Recommender.Grpc.Client;

/// <summary>Makes each call an HTTP request of the channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        call.Start(request);
        return new AsyncUnaryCall<TResponse>(call.ReadSingleAsync(), call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        call.Start(request);
        return new AsyncServerStreamingCall<TResponse>(call, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        var requests = call.StartStream();
        return new AsyncClientStreamingCall<TRequest, TResponse>(requests, call.ReadSingleAsync(), call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        var requests = call.StartStream();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(requests, call, call);
    }
}
