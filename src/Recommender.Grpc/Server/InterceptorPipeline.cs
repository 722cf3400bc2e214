using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Recommender.Grpc.Server;

/// <summary>Puts the server's interceptors around a handler; the first of the list is the outermost.</summary>
internal sealed class InterceptorPipeline(InterceptorCollection interceptors)
{
    public UnaryServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class
    {
        foreach (var interceptor in interceptors.Reverse())
        {
            var next = handler;
            handler = (request, context) => interceptor.Resolve(Services(context)).UnaryServerHandler(request, context, next);
        }
        return handler;
    }

    public ClientStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class
    {
        foreach (var interceptor in interceptors.Reverse())
        {
            var next = handler;
            handler = (requests, context) => interceptor.Resolve(Services(context)).ClientStreamingServerHandler(requests, context, next);
        }
        return handler;
    }

    public ServerStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class
    {
        foreach (var interceptor in interceptors.Reverse())
        {
            var next = handler;
            handler = (request, responses, context) =>
                interceptor.Resolve(Services(context)).ServerStreamingServerHandler(request, responses, context, next);
        }
        return handler;
    }

    public DuplexStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class where TResponse : class
    {
        foreach (var interceptor in interceptors.Reverse())
        {
            var next = handler;
            handler = (requests, responses, context) =>
                interceptor.Resolve(Services(context)).DuplexStreamingServerHandler(requests, responses, context, next);
        }
        return handler;
    }

    private static IServiceProvider Services(ServerCallContext context) => context.GetHttpContext().RequestServices;
}
