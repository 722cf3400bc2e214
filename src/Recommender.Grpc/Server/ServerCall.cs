using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Recommender.Grpc.Wire;

namespace Recommender.Grpc.Server;

/// <summary>One call being served over an HTTP/2 request: what its handler sees. How it runs and ends is in ServerCallRun.cs.</summary>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync disposes of the deadline: the run is the call's whole life.")]
internal sealed partial class ServerCall : ServerCallContext
{
    private const string CommonName = "x509_common_name";
    private static readonly AuthContext _unauthenticated = new(null, []);

    private readonly IMethod _method;
    private readonly GrpcServiceOptions _options;
    private readonly ILogger _logger;
    private readonly MessageWriter _writer;
    private readonly CompressionLevel? _compression;
    private readonly ServerDeadline? _deadline;
    private readonly Lock _gate = new();
    private Metadata? _requestHeaders, _trailers;
    private bool _headersSent, _hasMessages, _ended;

    public ServerCall(HttpContext http, IMethod method, GrpcServiceOptions options, ILogger logger)
    {
        (Http, _method, _options, _logger) = (http, method, options, logger);
        http.Response.ContentType = GrpcRequest.ContentType;
        LiftHttpLimits();

        var headers = http.Request.Headers;
        if (options.ResponseCompressionAlgorithm == Gzip.Name && Gzip.IsAcceptedBy(headers.GrpcAcceptEncoding))
        {
            _compression = options.ResponseCompressionLevel ?? CompressionLevel.Fastest;
            http.Response.Headers.GrpcEncoding = Gzip.Name;
        }
        if (headers.GrpcEncoding.Count > 0)
            http.Response.Headers.GrpcAcceptEncoding = Gzip.Accepted;
        Reader = new MessageReader(http.Request.BodyReader, options.MaxReceiveMessageSize, headers.GrpcEncoding);
        _writer = new MessageWriter(http.Response.BodyWriter, options.MaxSendMessageSize);

        if (headers.GrpcTimeout is [{ } text] && TimeoutHeader.TryParse(text, out var timeout))
            _deadline = new ServerDeadline(timeout, http.RequestAborted);
        CancellationTokenCore = _deadline?.Token ?? http.RequestAborted;
    }

    public HttpContext Http { get; }
    public MessageReader Reader { get; }

    protected override string MethodCore => _method.FullName;
    protected override string HostCore => Http.Request.Host.Value ?? "";
    protected override DateTime DeadlineCore => _deadline?.At ?? DateTime.MaxValue;
    protected override CancellationToken CancellationTokenCore { get; }
    protected override Metadata ResponseTrailersCore => _trailers ??= [];
    protected override Status StatusCore { get; set; }
    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Pass the call's Deadline and CancellationToken on instead.");

    protected override string PeerCore
    {
        get
        {
            var connection = Http.Connection;
            if (connection.RemoteIpAddress is not { } address)
                return "unknown";
            return address.AddressFamily == AddressFamily.InterNetworkV6
                ? $"ipv6:[{address}]:{connection.RemotePort}"
                : $"ipv4:{address}:{connection.RemotePort}";
        }
    }

    protected override Metadata RequestHeadersCore
    {
        get
        {
            if (_requestHeaders is not null)
                return _requestHeaders;
            var found = new Metadata();
            foreach (var (name, values) in Http.Request.Headers)
            {
                if (ReservedHeaders.Contains(name))
                    continue;
                foreach (string? value in values)
                    Metadata.Entry.AddWireValue(found, name, value ?? "");
            }
            return _requestHeaders = found;
        }
    }

    protected override AuthContext AuthContextCore
    {
        get
        {
            if (Http.Connection.ClientCertificate is not { } certificate)
                return _unauthenticated;
            byte[] name = Encoding.UTF8.GetBytes(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
            return new AuthContext(CommonName, new() { [CommonName] = [AuthProperty.Create(CommonName, name)] });
        }
    }

    // Message sizes are limited one by one, so a stream may be as long as it likes; and it may be silent as long as it likes.
    private void LiftHttpLimits()
    {
        if (Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (_method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && Http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
