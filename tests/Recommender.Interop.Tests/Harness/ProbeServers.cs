using System.Text.Json;
using Grpc.Net.Client;

namespace Recommender.Interop.Tests.Harness;

/// <summary>Who serves the calls of our client.</summary>
public enum Maker
{
    Ours,
    Python,
    Node,
}

/// <summary>The servers that our client is tried on; each is started when the first test asks for it and ends with the last.</summary>
public sealed class ProbeServers : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<(Maker, Transport), (int Port, IAsyncDisposable Server)> _running = [];

    public async Task<ProbeChannel> ConnectAsync(Maker maker, Transport transport, Action<GrpcChannelOptions>? configure = null)
    {
        await _gate.WaitAsync();
        try
        {
            if (!_running.TryGetValue((maker, transport), out var server))
                _running.Add((maker, transport), server = await StartAsync(maker, transport));
            return new ProbeChannel(server.Port, transport, configure);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, server) in _running.Values)
            await server.DisposeAsync();
        _gate.Dispose();
    }

    private static async Task<(int Port, IAsyncDisposable Server)> StartAsync(Maker maker, Transport transport)
    {
        if (maker == Maker.Ours)
        {
            var ours = await ProbeServer.StartAsync(transport);
            return (ours.Port, ours);
        }
        using var patience = new CancellationTokenSource(Eventually.Patience);
        var language = maker == Maker.Python ? ForeignLanguage.Python : ForeignLanguage.Node;
        var server = await language.StartAsync(
            "server", transport.ToString().ToLowerInvariant(), TestFiles.DescriptorsPath, TestFiles.CertificatePath, TestFiles.KeyPath);
        string? line = await server.ReadLineAsync(patience.Token);
        Assert.True(line is not null, $"{language} did not start to serve: {server.Errors}");
        return (JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32(), server);
    }
}
