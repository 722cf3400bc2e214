using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Recommender.Grpc.Wire;

namespace Recommender.Grpc.Server;

/// <summary>Ends a response with its status.</summary>
internal static class ResponseStatus
{
    /// <summary>Sends the status as trailers, or as the only headers if the call failed before anything was sent.</summary>
    public static void Send(HttpContext http, Status status, Metadata? trailers, bool hasMessages)
    {
        if (http.RequestAborted.IsCancellationRequested)
            return;
        var response = http.Response;
        bool trailersOnly = !hasMessages && !response.HasStarted && status.StatusCode != StatusCode.OK;
        if (trailersOnly)
            response.Headers.Remove("grpc-encoding");
        var target = trailersOnly
            ? response.Headers
            : http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
                ?? throw new InvalidOperationException("The HTTP server has no trailers: gRPC needs HTTP/2.");
        target.GrpcStatus = Text(status.StatusCode);
        if (status.Detail.Length > 0)
            target.GrpcMessage = PercentEncoding.Encode(status.Detail);
        if (trailers is null)
            return;
        foreach (var entry in trailers)
            target.Append(entry.Key, entry.WireValue);
    }

    private static string Text(StatusCode code) => code == StatusCode.OK ? "0" : ((int)code).ToString(CultureInfo.InvariantCulture);
}
