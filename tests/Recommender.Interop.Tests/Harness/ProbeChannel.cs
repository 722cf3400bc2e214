using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests.Harness;

/// <summary>Our client, connected to a server on this machine.</summary>
public sealed class ProbeChannel : IDisposable
{
    private readonly GrpcChannel _channel;

    public ProbeChannel(int port, Transport transport, Action<GrpcChannelOptions>? configure = null)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = TrustTestCertificate();
        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null };
        configure?.Invoke(options);
        _channel = GrpcChannel.ForAddress(transport == Transport.Tls ? $"https://localhost:{port}" : $"http://127.0.0.1:{port}", options);
        Invoker = transport == Transport.Gzip ? _channel.Intercept(AskForCompression) : _channel.CreateCallInvoker();
        Probe = new Probe.ProbeClient(Invoker);
    }

    public CallInvoker Invoker { get; }
    public Probe.ProbeClient Probe { get; }

    public static ProbeChannel To(ProbeServer server, Action<GrpcChannelOptions>? configure = null) =>
        new(server.Port, server.Transport, configure);

    public static X509ChainPolicy TrustTestCertificate() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { TestFiles.Certificate },
    };

    public void Dispose() => _channel.Dispose();

    private static Metadata AskForCompression(Metadata headers)
    {
        Metadata changed = [.. headers];
        changed.Add("grpc-internal-encoding-request", "gzip");
        return changed;
    }
}
