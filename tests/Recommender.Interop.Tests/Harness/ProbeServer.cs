using System.Net;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Recommender.Grpc;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests.Harness;

/// <summary>A server of ours on a port of its own.</summary>
public sealed class ProbeServer : IAsyncDisposable
{
    public const int MaxReceiveMessageSize = 8 << 20;

    private readonly WebApplication _app;

    private ProbeServer(WebApplication app, Transport transport)
    {
        (_app, Transport) = (app, transport);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Port = new Uri(addresses.Addresses.Single()).Port;
    }

    public Transport Transport { get; }
    public int Port { get; }
    public ProbeState State => _app.Services.GetRequiredService<ProbeState>();
    public HealthStatuses Health => _app.Services.GetRequiredService<HealthStatuses>();

    public static async Task<ProbeServer> StartAsync(
        Transport transport, Action<GrpcServiceOptions>? configure = null, int port = 0, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = transport == Transport.Tls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2;
            if (transport == Transport.Tls)
                listen.UseHttps(TestFiles.Certificate);
        }));
        builder.Services.AddSingleton<ProbeState>();
        builder.Services.AddHealthAndReflection();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxReceiveMessageSize;
            options.ResponseCompressionAlgorithm = transport == Transport.Gzip ? "gzip" : null;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapGrpcService<ProbeService>();
        app.MapHealthAndReflection(Probe.Descriptor);
        map?.Invoke(app);
        await app.StartAsync();
        return new ProbeServer(app, transport);
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
