using System.Net;
using Grpc.Core;
using Recommender.Grpc.Client;

namespace Grpc.Net.Client;

/// <summary>Calls to one address over HTTP/2. Make one and share it: its connections are pooled, and made anew when they break.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly bool _ownsHttp;

    private GrpcChannel(Uri address, GrpcChannelOptions options) : base(address.Authority)
    {
        if (options.HttpClient is not null && options.HttpHandler is not null)
            throw new ArgumentException("Set HttpClient or HttpHandler, not both.", nameof(options));
        IsSecure = address.Scheme == Uri.UriSchemeHttps;
        if (options.Credentials is { } credentials && credentials.IsSecure != IsSecure)
            throw new InvalidOperationException($"The credentials are {(IsSecure ? "insecure" : "secure")}, but the address is {address}.");
        (Address, Options) = (address, options);
        Http = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? DefaultHandler(), disposeHandler: true);
        _ownsHttp = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
    }

    internal Uri Address { get; }
    internal bool IsSecure { get; }
    internal GrpcChannelOptions Options { get; }
    internal HttpMessageInvoker Http { get; }

    public static GrpcChannel ForAddress(string address) => ForAddress(new Uri(address));
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker() => new HttpCallInvoker(this);

    public void Dispose()
    {
        if (_ownsHttp)
            Http.Dispose();
    }

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    // One HTTP/2 connection carries some hundred calls at a time; more calls than that need more connections.
    private static SocketsHttpHandler DefaultHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
    };
}
