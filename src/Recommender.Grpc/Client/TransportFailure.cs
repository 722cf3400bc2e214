using System.Net.Sockets;
using Grpc.Core;

namespace Recommender.Grpc.Client;

/// <summary>Which status a failure of HTTP/2 or of the connection is.</summary>
internal static class TransportFailure
{
    public static Status ToStatus(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException protocol)
                return new Status(FromHttp2(protocol.ErrorCode), "The stream was broken off: " + protocol.Message, e);
            if (IsConnectionFailure(cause))
                return new Status(StatusCode.Unavailable, "The connection failed: " + cause.Message, e);
        }
        return e switch
        {
            OperationCanceledException => new Status(StatusCode.Cancelled, e.Message, e),
            IOException or HttpRequestException => new Status(StatusCode.Unavailable, "The connection failed: " + e.Message, e),
            _ => new Status(StatusCode.Internal, "The call failed: " + e.Message, e),
        };
    }

    private static bool IsConnectionFailure(Exception e) => e switch
    {
        SocketException => true,
        HttpIOException io => io.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.ConnectionError,
        HttpRequestException http => http.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded,
        _ => false,
    };

    // RFC 9113, section 7, and the gRPC specification's mapping of it.
    private static StatusCode FromHttp2(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable,       // REFUSED_STREAM
        0x8 => StatusCode.Cancelled,         // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied,  // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
