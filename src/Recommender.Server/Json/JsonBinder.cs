using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Recommender.Server.Json;

/// <summary>
/// Takes the methods of a service from the generated BindService, as a gRPC server does, and makes JSON endpoints of them.
/// </summary>
internal sealed class JsonBinder(ServiceDescriptor service, JsonOptions options, TimeProvider clock) : ServiceBinderBase
{
    private readonly List<JsonEndpoint> _endpoints = [];

    public IReadOnlyList<JsonEndpoint> Endpoints => _endpoints;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async (request, handle) =>
        {
            TResponse answer = await handle(await request.ReadAsync<TRequest>(), request.Call);
            await request.AnswerAsync((IMessage)answer);
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async (request, handle) =>
        {
            TResponse answer = await handle(Requests<TRequest>(request), request.Call);
            await request.AnswerAsync((IMessage)answer);
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async (request, handle) =>
        {
            TRequest message = await request.ReadAsync<TRequest>();
            await handle(message, Answers<TResponse>(request), request.Call);
            await EndAsync(request);
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async (request, handle) =>
        {
            await handle(Requests<TRequest>(request), Answers<TResponse>(request), request.Call);
            await EndAsync(request);
        });

    private void Add<THandler>(IMethod method, THandler? handler, Func<JsonRequest, THandler, Task> serve) where THandler : Delegate
    {
        if (handler is null) throw new InvalidOperationException($"{method.FullName} was bound without an implementation.");
        MethodDescriptor descriptor = service.FindMethodByName(method.Name)
            ?? throw new InvalidOperationException(
                $"{service.FullName} has no method {method.Name}; the descriptor belongs to another service.");
        bool streamsRequests = method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming;
        foreach (JsonRoute route in JsonRoute.Of(descriptor).Append(JsonRoute.ByName(descriptor)))
        {
            if (streamsRequests && (route.BodyType != descriptor.InputType || route.Variables.Count > 0))
                throw new InvalidOperationException(
                    $"{method.FullName} streams requests, so its annotation must have body: \"*\" and a path without variables.");
            _endpoints.Add(new JsonEndpoint(route, method, streamsRequests, request => serve(request, handler), options, clock));
        }
    }

    private static JsonRequestStream<T> Requests<T>(JsonRequest request) where T : class =>
        new(request.Body, request.Route.BodyType!, request.Call.CancellationToken);

    private static JsonResponseStream<T> Answers<T>(JsonRequest request) where T : class =>
        new(request.Http.Response, request.Call.CancellationToken);

    // A stream without messages is an empty body of the same type.
    private static async Task EndAsync(JsonRequest request)
    {
        if (!request.Http.Response.HasStarted) request.Http.Response.ContentType = JsonText.LinesContentType;
        await request.Http.Response.CompleteAsync();
    }
}
