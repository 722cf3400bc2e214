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
    /// <summary>The environment variable that a key is read from: on a command line, everybody on the machine could see it.</summary>
    public const string KeyVariable = "RECOMMENDER_KEY";

    /// <summary>As --address and --tls-ca say it.</summary>
    /// <exception cref="InputException">It is no address, or trust is asked for where nothing is encrypted.</exception>
    public static ServerAccess Of(string address, FileInfo? trusted)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new InputException($"--address must be like http://127.0.0.1:5080, it is \"{address}\"");
        if (trusted is not null && uri.Scheme == Uri.UriSchemeHttp)
            throw new InputException($"--tls-ca {trusted}: {address} is not encrypted, so there is nothing to trust; give --address "
                + "https://... or leave --tls-ca out");
        string? key = Environment.GetEnvironmentVariable(KeyVariable);
        return new ServerAccess(uri, key is { Length: > 0 } ? key : null, trusted?.FullName);
    }

    public Metadata Headers => Key is null ? [] : new Metadata { { "authorization", $"Bearer {Key}" } };

    /// <summary>Each with a handler of its own, since some settings are its owner's.</summary>
    public SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (TrustedFile is null) return handler;
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(TrustedFile);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        return handler;
    }
}
