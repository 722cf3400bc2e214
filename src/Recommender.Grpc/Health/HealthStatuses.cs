using System.Threading.Channels;
using static Grpc.Health.V1.HealthCheckResponse.Types;

// Not a namespace of its own: one called Health would hide Grpc.Health's from everything under Recommender.Grpc.
namespace Recommender.Grpc;

/// <summary>What the server says of its health, service by service. The empty name stands for the server as a whole.</summary>
public sealed class HealthStatuses
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly HashSet<Watcher> _watchers = [];
    private bool _stopped;

    public void SetServing(string service) => Set(service, ServingStatus.Serving);

    public void SetNotServing(string service) => Set(service, ServingStatus.NotServing);

    internal ServingStatus? Find(string service)
    {
        lock (_gate)
            return _statuses.TryGetValue(service, out var status) ? status : null;
    }

    internal IReadOnlyList<(string Service, ServingStatus Status)> All()
    {
        lock (_gate)
            return [.. _statuses.Select(status => (status.Key, status.Value))];
    }

    /// <summary>The server goes down: nothing serves any more, and nobody who watches keeps it waiting.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            foreach (string service in _statuses.Keys.ToList())
                Set(service, ServingStatus.NotServing);
            foreach (var watcher in _watchers)
                watcher.Changes.Writer.TryComplete();
            _stopped = true;
        }
    }

    internal Watcher Watch(string service)
    {
        var watcher = new Watcher(this, service);
        lock (_gate)
        {
            watcher.Changes.Writer.TryWrite(_statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown));
            if (_stopped)
                watcher.Changes.Writer.TryComplete();
            _watchers.Add(watcher);
        }
        return watcher;
    }

    private void Set(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (_stopped || (_statuses.TryGetValue(service, out var known) && known == status))
                return;
            _statuses[service] = status;
            foreach (var watcher in _watchers.Where(watcher => watcher.Service == service))
                watcher.Changes.Writer.TryWrite(status);
        }
    }

    /// <summary>One caller's view of one service. Who reads slowly misses states in between, never the last.</summary>
    internal sealed class Watcher(HealthStatuses statuses, string service) : IDisposable
    {
        public string Service => service;

        public Channel<ServingStatus> Changes { get; } =
            Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

        public void Dispose()
        {
            lock (statuses._gate)
                statuses._watchers.Remove(this);
        }
    }
}
