using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Recommender.Grpc.Wire;

namespace Recommender.Grpc.Client;

/// <summary>The headers that make an HTTP request a gRPC call.</summary>
internal static class CallHeaders
{
    // Asks for compressed requests; a name between caller and channel that never travels.
    private const string CompressRequest = "grpc-internal-encoding-request";

    private static readonly MediaTypeHeaderValue _contentType = new("application/grpc");
    private static readonly ProductInfoHeaderValue _agent = new("recommender-grpc-dotnet", "0.1");

    public static bool WantsGzip(Metadata? headers) => headers?.GetValue(CompressRequest) == Gzip.Name;

    public static async ValueTask AddAsync(
        HttpRequestMessage request,
        GrpcChannel channel,
        IMethod method,
        string? host,
        CallOptions options,
        TimeSpan? timeLeft,
        CancellationToken cancellationToken)
    {
        request.Content!.Headers.ContentType = _contentType;
        var to = request.Headers;
        to.TryAddWithoutValidation("te", "trailers");
        to.UserAgent.Add(_agent);
        to.TryAddWithoutValidation("grpc-accept-encoding", Gzip.Accepted);
        if (WantsGzip(options.Headers))
            to.TryAddWithoutValidation("grpc-encoding", Gzip.Name);
        if (host is not null)
            to.Host = host;
        if (timeLeft is { } timeout)
            to.TryAddWithoutValidation("grpc-timeout", TimeoutHeader.Format(timeout));

        var metadata = await WithCredentialsAsync(channel, method, options, cancellationToken).ConfigureAwait(false);
        if (metadata is null)
            return;
        foreach (var entry in metadata)
            if (entry.Key != CompressRequest)
                to.TryAddWithoutValidation(entry.Key, entry.WireValue);
    }

    private static async ValueTask<Metadata?> WithCredentialsAsync(
        GrpcChannel channel, IMethod method, CallOptions options, CancellationToken cancellationToken)
    {
        var ofChannel = channel.Options.Credentials?.CallCredentials;
        var ofCall = options.Credentials;
        if (ofChannel is null && ofCall is null)
            return options.Headers;
        // Secrets go over an unencrypted connection only if that was asked for.
        if (!channel.IsSecure && !channel.Options.UnsafeUseInsecureChannelCallCredentials)
            return options.Headers;
        Metadata all = [.. options.Headers ?? Metadata.Empty];
        string service = new Uri(channel.Address, "/" + method.ServiceName).ToString();
        var context = new AuthInterceptorContext(service, method.Name, cancellationToken);
        if (ofChannel is not null)
            await ofChannel.ApplyAsync(context, all).ConfigureAwait(false);
        if (ofCall is not null)
            await ofCall.ApplyAsync(context, all).ConfigureAwait(false);
        return all;
    }
}
