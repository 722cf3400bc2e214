namespace Recommender.Storage.Tests.Mongo;

/// <summary>Three gateways that play a replica set: one is the primary, and when it is gone another takes over within a second.</summary>
internal sealed class GatewayReplicaSet : IDisposable
{
    private readonly string _state = Path.GetTempFileName();
    private readonly Dictionary<int, Gateway> _members = [];

    public string Uri => UriOf("");

    public async Task StartAsync(CancellationToken cancellation)
    {
        int[] ports = Gateway.FreePorts(3);
        File.Delete(_state);
        var environment = new Dictionary<string, string> { ["GW_RS"] = $"rs:{string.Join(',', ports)}", ["GW_STATE"] = _state };
        foreach (int port in ports) _members[port] = await Gateway.StartAsync(port, environment, cancellation);
    }

    /// <summary>The primary as long as none has stepped down or was killed.</summary>
    public Gateway First => _members.First().Value;

    public string UriOf(string database) => $"mongodb://{string.Join(',', _members.Keys.Select(port => $"127.0.0.1:{port}"))}/{database}?replicaSet=rs";

    public void Dispose()
    {
        foreach (var member in _members.Values) member.Dispose();
        File.Delete(_state);
    }
}
