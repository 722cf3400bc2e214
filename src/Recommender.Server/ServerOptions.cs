using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Recommender.Server;

/// <summary>Where a server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>The address both ports listen on. The default lets in only this machine.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>gRPC, as HTTP/2 without TLS or, with a certificate, with it; 0 picks a free one.</summary>
    [Range(0, 65535)]
    public int GrpcPort { get; init; } = 5080;

    /// <summary>JSON over HTTP/1.1 with the same methods; 0 picks a free one.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; init; } = 5081;

    /// <summary>A PEM file with the certificate and its chain; both ports then speak TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the certificate's key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The largest message or body taken, in bytes after decompression.</summary>
    [Range(1024, 1_000_000_000)]
    public int LargestRequest { get; init; } = 16 * 1024 * 1024;
}
