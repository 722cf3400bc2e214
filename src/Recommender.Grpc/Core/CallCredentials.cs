namespace Grpc.Core;

/// <summary>Adds headers to a call, for example a token that has to be fetched first.</summary>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);

public class AuthInterceptorContext(string serviceUrl, string methodName, CancellationToken cancellationToken = default)
{
    public string ServiceUrl { get; } = serviceUrl;
    public string MethodName { get; } = methodName;
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Credentials that every call carries in its headers.</summary>
public sealed class CallCredentials
{
    private readonly AsyncAuthInterceptor[] _interceptors;

    private CallCredentials(AsyncAuthInterceptor[] interceptors) => _interceptors = interceptors;

    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor) => new([interceptor]);

    public static CallCredentials Compose(params CallCredentials[] credentials) =>
        new([.. credentials.SelectMany(part => part._interceptors)]);

    internal async Task ApplyAsync(AuthInterceptorContext context, Metadata metadata)
    {
        foreach (var interceptor in _interceptors)
            await interceptor(context, metadata).ConfigureAwait(false);
    }
}
