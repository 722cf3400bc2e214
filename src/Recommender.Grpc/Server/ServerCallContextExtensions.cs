using Microsoft.AspNetCore.Http;
using Recommender.Grpc.Server;

namespace Grpc.Core;

public static class ServerCallContextExtensions
{
    // Contexts that are not the server's own (a JSON gateway's, a test's) may carry the request under this key.
    private const string HttpContextKey = "__HttpContext";

    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        if (serverCallContext is ServerCall call)
            return call.Http;
        return serverCallContext.UserState.TryGetValue(HttpContextKey, out object? value) && value is HttpContext http
            ? http
            : throw new InvalidOperationException("The call is not served over HTTP.");
    }
}
