using Grpc.Core;

namespace Recommender.Server.Json;

/// <summary>A request that HTTP has a more exact status for than the gRPC status implies.</summary>
internal sealed class HttpRefusalException(int httpStatus, StatusCode code, string message) : Exception(message)
{
    public int HttpStatus => httpStatus;

    public StatusCode Code => code;

    public static HttpRefusalException TooLarge(int limit) =>
        new(413, StatusCode.ResourceExhausted, $"a message may have {limit} bytes of JSON; send less at once, or use a stream");
}
