using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Recommender.Server.Json;

/// <summary>Puts services that gRPC serves under JSON paths as well, with a description of them all.</summary>
internal static class JsonEndpointRouteBuilder
{
    /// <summary>
    /// Serves every method at the paths of its google.api.http annotation and at POST /package.Service/Method. Answers are JSON, streams
    /// one message a line. GET /openapi.json describes it, GET /docs shows that to people.
    /// </summary>
    public static void MapJson(this IEndpointRouteBuilder app, IReadOnlyList<JsonService> services, JsonOptions options, TimeProvider clock)
    {
        var endpoints = new List<JsonEndpoint>();
        foreach (JsonService service in services)
        {
            var binder = new JsonBinder(service.Descriptor, options, clock);
            service.Bind(binder);
            endpoints.AddRange(binder.Endpoints);
        }

        foreach (var atPath in endpoints.GroupBy(endpoint => endpoint.Route.Pattern))
        {
            JsonEndpoint[] ways = [.. atPath];
            if (ways.GroupBy(way => way.Route.Verb).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new InvalidOperationException($"{twice.Key} {ways[0].Route.Path} is the path of "
                    + $"{string.Join(" and ", twice.Select(way => way.Route.Method.FullName))}; annotate one of them otherwise.");
            if (atPath.Key.StartsWith($"/{ways[0].Route.Method.Service.FullName}/", StringComparison.Ordinal)) MapBesideGrpc(app, ways[0]);
            else app.Map(atPath.Key, (RequestDelegate)(http => ServeAsync(http, ways)));
        }

        string[] paths = [.. endpoints.Select(endpoint => endpoint.Route.Path).Distinct()];
        foreach (string first in endpoints.Where(endpoint => endpoint.Route.Path.Count('/') > 1)
            .Select(endpoint => endpoint.Route.Path.Split('/')[1]).Distinct())
        {
            if (services.Any(service => service.Descriptor.FullName == first)) continue;
            app.Map($"/{first}/{{**rest}}", (RequestDelegate)(http => AnswerUnknownAsync(http, paths)))
                .Add(unknown => ((RouteEndpointBuilder)unknown).Order = int.MaxValue);
        }
    }

    // The same path and verb as the gRPC method: the content type tells the two apart.
    private static void MapBesideGrpc(IEndpointRouteBuilder app, JsonEndpoint endpoint) =>
        app.MapPost(endpoint.Route.Pattern, (RequestDelegate)endpoint.ServeAsync)
            .WithMetadata(new AcceptsMetadata([JsonText.ContentType, JsonText.LinesContentType, "application/ndjson"]));

    private static Task ServeAsync(HttpContext http, JsonEndpoint[] ways)
    {
        foreach (JsonEndpoint way in ways)
            if (way.Route.Verb == http.Request.Method) return way.ServeAsync(http);

        string allowed = string.Join(", ", ways.Select(way => way.Route.Verb));
        http.Response.Headers.Allow = allowed;
        var error = new RpcException(
            new Status(StatusCode.Unimplemented, $"{http.Request.Path} is asked by {allowed}, not by {http.Request.Method}"));
        return JsonError.WriteAsync(http, 405, error, http.RequestAborted);
    }

    private static Task AnswerUnknownAsync(HttpContext http, string[] paths)
    {
        string hint = NearestName.Of(http.Request.Path.Value ?? "", paths) is { } nearest
            ? $"did you mean {nearest}?"
            : "/openapi.json lists what there is";
        var error = new RpcException(new Status(StatusCode.NotFound, $"there is no {http.Request.Path}; {hint}"));
        return JsonError.WriteAsync(http, 404, error, http.RequestAborted);
    }
}
