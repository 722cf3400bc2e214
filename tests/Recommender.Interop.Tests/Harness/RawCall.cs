using System.Buffers.Binary;
using System.IO.Compression;

namespace Recommender.Interop.Tests.Harness;

/// <summary>Calls made of any bytes, over an HTTP/2 client that knows nothing of gRPC.</summary>
public sealed class RawCall : IDisposable
{
    private readonly HttpClient _http;

    public RawCall(int port)
    {
        _http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>A message with its five bytes of header.</summary>
    public static byte[] Frame(byte[] payload, byte flag = 0)
    {
        byte[] frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    public async Task<RawAnswer> PostAsync(
        string method, byte[] body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/interop.v1.Probe/" + method)
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, cancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        bool trailersOnly = response.Headers.Contains("grpc-status");
        var status = trailersOnly ? response.Headers : response.TrailingHeaders;
        return new RawAnswer(
            status.TryGetValues("grpc-status", out var codes) ? codes.Single() : null,
            trailersOnly,
            response.Headers.TryGetValues("grpc-encoding", out var encodings) ? encodings.Single() : null,
            answer);
    }

    public void Dispose() => _http.Dispose();
}

public sealed record RawAnswer(string? Status, bool TrailersOnly, string? Encoding, byte[] Body);
