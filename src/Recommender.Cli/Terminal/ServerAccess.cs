using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace Recommender.Cli.Terminal;

/// <summary>How a command reaches a server.</summary>
/// <param name="Address">Where it answers gRPC; https asks for TLS.</param>
/// <param name="Key">A key of the shop; null where it has none.</param>
/// <param name="TrustedFile">A PEM file with the only certificates that are trusted; null trusts those the system does.</param>
internal sealed record ServerAccess(Uri Address, string? Key, string? TrustedFile)
{
    public Metadata Headers => Key is null ? [] : new Metadata { { "authorization", $"Bearer {Key}" } };

    /// <summary>Each with a handler of its own, since some settings are its owner's.</summary>
    public SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        if (TrustedFile is null) return handler;
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(TrustedFile);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        return handler;
    }
}
