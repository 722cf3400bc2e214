using System.Reflection;
using Grpc.Core;

namespace Recommender.Grpc.Server;

/// <summary>A service's methods as delegates over the call's own service object. Made once at start, not once a call.</summary>
internal static class ServiceMethods<TService> where TService : class
{
    public static UnaryServerMethod<TRequest, TResponse> Unary<TRequest, TResponse>(IMethod method)
        where TRequest : class where TResponse : class
    {
        var invoke = Open<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(
            method, typeof(TRequest), typeof(ServerCallContext));
        return (request, context) =>
        {
            var service = ServiceActivator<TService>.Get(context, out bool dispose);
            var call = invoke(service, request, context);
            return dispose ? ServiceActivator<TService>.DisposeAfter(service, call) : call;
        };
    }

    public static ClientStreamingServerMethod<TRequest, TResponse> ClientStreaming<TRequest, TResponse>(IMethod method)
        where TRequest : class where TResponse : class
    {
        var invoke = Open<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        return (requests, context) =>
        {
            var service = ServiceActivator<TService>.Get(context, out bool dispose);
            var call = invoke(service, requests, context);
            return dispose ? ServiceActivator<TService>.DisposeAfter(service, call) : call;
        };
    }

    public static ServerStreamingServerMethod<TRequest, TResponse> ServerStreaming<TRequest, TResponse>(IMethod method)
        where TRequest : class where TResponse : class
    {
        var invoke = Open<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        return (request, responses, context) =>
        {
            var service = ServiceActivator<TService>.Get(context, out bool dispose);
            var call = invoke(service, request, responses, context);
            return dispose ? ServiceActivator<TService>.DisposeAfter(service, call) : call;
        };
    }

    public static DuplexStreamingServerMethod<TRequest, TResponse> DuplexStreaming<TRequest, TResponse>(IMethod method)
        where TRequest : class where TResponse : class
    {
        var invoke = Open<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        return (requests, responses, context) =>
        {
            var service = ServiceActivator<TService>.Get(context, out bool dispose);
            var call = invoke(service, requests, responses, context);
            return dispose ? ServiceActivator<TService>.DisposeAfter(service, call) : call;
        };
    }

    private static TDelegate Open<TDelegate>(IMethod method, params Type[] parameters) where TDelegate : Delegate =>
        (typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no public method {method.Name} of that shape."))
        .CreateDelegate<TDelegate>();
}
