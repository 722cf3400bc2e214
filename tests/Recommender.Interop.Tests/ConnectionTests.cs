using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grpc.Core;
using Recommender.Interop.Tests.Harness;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests;

public sealed class ConnectionTests
{
    // SETTINGS with nothing in it: all that an HTTP/2 server must say at first.
    private static readonly byte[] _emptySettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    [Fact]
    public async Task A_server_that_stops_lets_a_running_call_end_and_the_channel_finds_the_next_server()
    {
        await using var first = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(first);
        using var call = channel.Probe.Numbers(new Counting { Count = 20, PauseMs = 50 });
        Assert.True(await call.ResponseStream.MoveNext());

        var stopping = first.StopAsync();
        Assert.Equal(19, await call.ResponseStream.ReadAllAsync().CountAsync());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        await stopping;
        var e = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.EchoAsync(new Message()));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);

        await using var second = await ProbeServer.StartAsync(Transport.Plain, port: first.Port);
        Assert.Empty((await channel.Probe.EchoAsync(new Message())).Payload);
    }

    [Fact]
    public async Task A_killed_server_is_unavailable_not_a_hang()
    {
        await using var server = await ForeignLanguage.Python.StartAsync(
            "server", "plain", TestFiles.DescriptorsPath, TestFiles.CertificatePath, TestFiles.KeyPath);
        using var patience = new CancellationTokenSource(Eventually.Patience);
        string line = await server.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException(server.Errors);
        int port = System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32();
        using var channel = new ProbeChannel(port, Transport.Plain);
        using var call = channel.Probe.Numbers(new Counting { Count = 1000, PauseMs = 50 }, cancellationToken: patience.Token);
        Assert.True(await call.ResponseStream.MoveNext());

        server.Kill();
        var e = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.ReadAllAsync().CountAsync());
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
    }

    [Fact]
    public async Task Keep_alive_pings_find_out_that_a_silent_peer_is_dead()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepted = AcceptThenSayNothing(listener);
        using var channel = new ProbeChannel(((IPEndPoint)listener.LocalEndpoint).Port, Transport.Plain, options =>
            options.HttpHandler = new SocketsHttpHandler
            {
                KeepAlivePingDelay = TimeSpan.FromSeconds(1),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            });
        using var patience = new CancellationTokenSource(Eventually.Patience);
        var e = await Assert.ThrowsAsync<RpcException>(
            async () => await channel.Probe.EchoAsync(new Message(), cancellationToken: patience.Token));
        Assert.False(patience.IsCancellationRequested, "the pings ended the call, not the test's patience");
        Assert.NotEqual(StatusCode.Cancelled, e.StatusCode);
        (await accepted).Dispose();
    }

    [Fact]
    public async Task Keep_alive_pings_leave_a_quiet_stream_alone()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var channel = ProbeChannel.To(server, options => options.HttpHandler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
        });
        using var call = channel.Probe.Numbers(new Counting { Count = 2, PauseMs = 2500 });
        Assert.Equal(2, await call.ResponseStream.ReadAllAsync().CountAsync());
    }

    [Theory]
    [InlineData("h2", true)]
    [InlineData("http/1.1", true)]
    [InlineData("spdy/3", false)]
    public async Task TLS_agrees_by_ALPN_on_a_protocol_that_both_speak(string protocol, bool agrees)
    {
        await using var server = await ProbeServer.StartAsync(Transport.Tls);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var tls = new SslStream(tcp.GetStream());
        var handshake = tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = ProbeChannel.TrustTestCertificate(),
            ApplicationProtocols = [new SslApplicationProtocol(protocol)],
        });
        if (agrees)
        {
            await handshake;
            Assert.Equal(new SslApplicationProtocol(protocol), tls.NegotiatedApplicationProtocol);
        }
        else
        {
            await Assert.ThrowsAnyAsync<Exception>(() => handshake);
        }
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_refused()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Tls);
        using var channel = ProbeChannel.To(server, options => options.HttpHandler = new SocketsHttpHandler());
        var e = await Assert.ThrowsAsync<RpcException>(async () => await channel.Probe.EchoAsync(new Message()));
        Assert.NotEqual(StatusCode.OK, e.StatusCode);
        Assert.Contains("certificate", e.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_not_gRPC_is_refused_by_HTTP_status()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Tls);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = ProbeChannel.TrustTestCertificate();
        using var http = new HttpClient(handler);
        var uri = new Uri($"https://localhost:{server.Port}/interop.v1.Probe/Echo");

        using var text = new StringContent("{}");
        using var wrongType = await http.PostAsync(uri, text);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, wrongType.StatusCode);

        using var grpc = new ByteArrayContent([0, 0, 0, 0, 0]);
        grpc.Headers.ContentType = new("application/grpc");
        using var oldHttp = await http.PostAsync(uri, grpc);
        Assert.Equal(HttpStatusCode.UpgradeRequired, oldHttp.StatusCode);
    }

    private static async Task<TcpClient> AcceptThenSayNothing(TcpListener listener)
    {
        var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(_emptySettings);
        return client;
    }
}
