using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Recommender.Grpc.Server;

/// <summary>The services mapped so far, and the answer to calls of all others.</summary>
internal sealed class ServedMethods
{
    private readonly HashSet<string> _services = [];
    private bool _unknownIsMapped;

    public void Add(IMethod method) => _services.Add(method.ServiceName);

    /// <summary>Answers Unimplemented to gRPC requests that no other endpoint takes.</summary>
    public void MapUnknown(IEndpointRouteBuilder builder)
    {
        if (_unknownIsMapped)
            return;
        _unknownIsMapped = true;
        var pattern = RoutePatternFactory.Parse(
            "{service}/{method:required}",
            defaults: null,
            parameterPolicies: RouteValueDictionary.FromArray([new("service", new GrpcRequestConstraint())]),
            requiredValues: null);
        builder.Map(pattern, (RequestDelegate)AnswerUnimplemented).Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = int.MaxValue);
    }

    private Task AnswerUnimplemented(HttpContext http)
    {
        http.Response.ContentType = GrpcRequest.ContentType;
        string service = (string)http.GetRouteValue("service")!;
        ResponseStatus.Send(
            http,
            new Status(StatusCode.Unimplemented, _services.Contains(service)
                ? $"The service {service} has no method '{http.GetRouteValue("method")}'."
                : $"There is no service '{service}'."),
            trailers: null,
            hasMessages: false);
        return Task.CompletedTask;
    }

    private sealed class GrpcRequestConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is not null && GrpcRequest.Is(httpContext.Request);
    }
}
