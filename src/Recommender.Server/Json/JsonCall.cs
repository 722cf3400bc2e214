using System.Buffers;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Recommender.Server.Json;

/// <summary>
/// What a handler sees of a call that came as JSON. Headers whose name ends in -bin are not passed on, and trailers are not sent.
/// </summary>
internal sealed class JsonCall : ServerCallContext, IDisposable
{
    // Where handlers and ServerCallContext.GetHttpContext() look for the request behind a call, under either gRPC runtime.
    private const string HttpContextKey = "__HttpContext";

    private static readonly SearchValues<char> _keyLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly HttpContext _http;
    private readonly string _method;
    private readonly CancellationTokenSource _cancel;
    private Metadata? _headers;

    public JsonCall(HttpContext http, IMethod method, TimeSpan? timeout, TimeProvider clock)
    {
        _http = http;
        _method = method.FullName;
        Timer = timeout is { } time ? new CancellationTokenSource(time, clock) : null;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, Timer?.Token ?? CancellationToken.None);
        DeadlineCore = timeout is { } until ? clock.GetUtcNow().UtcDateTime + until : DateTime.MaxValue;
        UserState[HttpContextKey] = http;
    }

    public bool DeadlineHasPassed => Timer is { IsCancellationRequested: true } && !_http.RequestAborted.IsCancellationRequested;

    private CancellationTokenSource? Timer { get; }

    protected override string MethodCore => _method;

    protected override string HostCore => _http.Request.Host.Value ?? "";

    protected override string PeerCore => _http.Connection.RemoteIpAddress is { } address
        ? $"{(address.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4")}:{address}:{_http.Connection.RemotePort}"
        : "unknown";

    protected override DateTime DeadlineCore { get; }

    protected override CancellationToken CancellationTokenCore => _cancel.Token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override Metadata RequestHeadersCore => _headers ??= ReadHeaders();

    public void Dispose()
    {
        _cancel.Dispose();
        Timer?.Dispose();
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        foreach (Metadata.Entry entry in responseHeaders)
            if (!entry.IsBinary) _http.Response.Headers.Append(entry.Key, entry.Value);
        return Task.CompletedTask;
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException(
            "A call that came as JSON cannot be propagated by a token; pass on its deadline and its cancellation.");

    private Metadata ReadHeaders()
    {
        var headers = new Metadata();
        foreach ((string name, var values) in _http.Request.Headers)
        {
            string key = name.ToLowerInvariant();
            if (key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal) || key.AsSpan().ContainsAnyExcept(_keyLetters))
                continue;
            foreach (string? value in values) headers.Add(key, value ?? "");
        }
        return headers;
    }
}
