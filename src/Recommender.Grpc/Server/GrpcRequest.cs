using Microsoft.AspNetCore.Http;

namespace Recommender.Grpc.Server;

/// <summary>What makes an HTTP request a gRPC call.</summary>
internal static class GrpcRequest
{
    public const string ContentType = "application/grpc";

    public static bool Is(HttpRequest request) => HttpMethods.IsPost(request.Method) && HasGrpcContent(request.ContentType);

    /// <summary>The HTTP status that refuses the request, or null if it may go on.</summary>
    public static int? Refusal(HttpRequest request)
    {
        if (!HasGrpcContent(request.ContentType))
            return StatusCodes.Status415UnsupportedMediaType;
        return HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol)
            ? null
            : StatusCodes.Status426UpgradeRequired;
    }

    // "application/grpc", "application/grpc+proto", "application/grpc;..." but not "application/grpc-web".
    private static bool HasGrpcContent(string? type) => type is not null
        && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == ContentType.Length || type[ContentType.Length] is ';' or '+');
}
