using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Recommender.Grpc.Server;

/// <summary>Makes an endpoint of each method of a service.</summary>
internal sealed class ServiceBinder<TService>(
    IEndpointRouteBuilder builder, ServedMethods served, GrpcServiceOptions options, ILogger logger) : ServiceBinderBase
    where TService : class
{
    private readonly InterceptorPipeline _pipeline = new(options.Interceptors);
    private readonly List<IEndpointConventionBuilder> _endpoints = [];

    public IReadOnlyList<IEndpointConventionBuilder> Endpoints => _endpoints;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var serve = _pipeline.Around(handler ?? ServiceMethods<TService>.Unary<TRequest, TResponse>(method));
        var (read, write) = (method.RequestMarshaller.ContextualDeserializer, method.ResponseMarshaller.ContextualSerializer);
        Map(method, async call =>
        {
            var request = await call.Reader.ReadSingleAsync(read, call.CancellationToken).ConfigureAwait(false);
            call.Respond(await serve(request, call).ConfigureAwait(false), write);
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var serve = _pipeline.Around(handler ?? ServiceMethods<TService>.ClientStreaming<TRequest, TResponse>(method));
        var (read, write) = (method.RequestMarshaller.ContextualDeserializer, method.ResponseMarshaller.ContextualSerializer);
        Map(method, async call =>
        {
            var requests = new ServerRequestStream<TRequest>(call, read);
            call.Respond(await serve(requests, call).ConfigureAwait(false), write);
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var serve = _pipeline.Around(handler ?? ServiceMethods<TService>.ServerStreaming<TRequest, TResponse>(method));
        var (read, write) = (method.RequestMarshaller.ContextualDeserializer, method.ResponseMarshaller.ContextualSerializer);
        Map(method, async call =>
        {
            var request = await call.Reader.ReadSingleAsync(read, call.CancellationToken).ConfigureAwait(false);
            await serve(request, new ServerResponseStream<TResponse>(call, write), call).ConfigureAwait(false);
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var serve = _pipeline.Around(handler ?? ServiceMethods<TService>.DuplexStreaming<TRequest, TResponse>(method));
        var (read, write) = (method.RequestMarshaller.ContextualDeserializer, method.ResponseMarshaller.ContextualSerializer);
        Map(method, call =>
            serve(new ServerRequestStream<TRequest>(call, read), new ServerResponseStream<TResponse>(call, write), call));
    }

    private void Map(IMethod method, Func<ServerCall, Task> serve)
    {
        served.Add(method);
        var endpoint = builder.MapPost(method.FullName, (RequestDelegate)(http =>
        {
            if (GrpcRequest.Refusal(http.Request) is { } refusal)
            {
                http.Response.StatusCode = refusal;
                return Task.CompletedTask;
            }
            return new ServerCall(http, method, options, logger).RunAsync(serve);
        }));
        endpoint.WithDisplayName("gRPC - " + method.FullName);
        endpoint.Add(route =>
        {
            // Attributes such as [Authorize] on the service or its method work as they do on any endpoint.
            var implementation = typeof(TService).GetMethods(BindingFlags.Public | BindingFlags.Instance)
                .FirstOrDefault(candidate => candidate.Name == method.Name);
            route.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
            foreach (object attribute in typeof(TService).GetCustomAttributes(inherit: true))
                route.Metadata.Add(attribute);
            foreach (object attribute in implementation?.GetCustomAttributes(inherit: true) ?? [])
                route.Metadata.Add(attribute);
        });
        _endpoints.Add(endpoint);
    }
}
