using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Recommender.Grpc.Wire;

namespace Recommender.Grpc.Client;

/// <summary>Reads what a response says of its call.</summary>
internal static class ResponseStatus
{
    private const string StatusHeader = "grpc-status";

    public static bool IsIn(HttpHeaders headers) => headers.NonValidated.Contains(StatusHeader);

    public static void ThrowIfNotGrpc(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new RpcException(new Status(
                FromHttp(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode} instead of gRPC."));
        }
        var type = response.Content.Headers.ContentType;
        if (type?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
            throw new RpcException(new Status(StatusCode.Unknown, $"The server answered with content of type '{type}' instead of gRPC."));
    }

    public static Status Read(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(StatusHeader, out var values))
            return new Status(StatusCode.Unknown, "The server sent no status.");
        string text = values.ToString();
        if (!int.TryParse(text, out int code))
            return new Status(StatusCode.Unknown, $"The server sent the status '{text}', which is no number.");
        string detail = headers.NonValidated.TryGetValues("grpc-message", out var message)
            ? PercentEncoding.Decode(message.ToString())
            : "";
        return new Status(Enum.IsDefined((StatusCode)code) ? (StatusCode)code : StatusCode.Unknown, detail);
    }

    public static Metadata ReadMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (ReservedHeaders.Contains(name))
                continue;
            foreach (string value in values)
                Metadata.Entry.AddWireValue(metadata, name, value);
        }
        return metadata;
    }

    // The mapping that the gRPC specification gives for answers by something that is not gRPC.
    private static StatusCode FromHttp(HttpStatusCode code) => (int)code switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
