using System.Collections.Immutable;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Load;

/// <summary>The server that is measured: connections to it, and whom it recommends to.</summary>
internal sealed class LoadTarget : IDisposable
{
    private const int CustomersAsked = 1_000;

    private readonly LoadOptions _options;
    private readonly GrpcChannel[] _connections;

    public LoadTarget(LoadOptions options)
    {
        _options = options;
        _connections = [.. Enumerable.Range(0, options.Connections).Select(_ => Connection(options))];
        Aside = Connection(options);
        Headers = options.Key is { } key ? new Metadata { { "authorization", $"Bearer {key}" } } : [];
    }

    public IReadOnlyList<GrpcChannel> Connections => _connections;

    /// <summary>
    /// One more, for what goes on beside the measured calls: on one of theirs they would wait behind its messages, and that would count as
    /// the server's.
    /// </summary>
    public GrpcChannel Aside { get; }

    public Metadata Headers { get; }

    /// <summary>Those that were given, or the first the server tells of.</summary>
    /// <exception cref="InputException">It has none to tell of.</exception>
    public async Task<ImmutableArray<string>> CustomersAsync(CancellationToken cancellation)
    {
        if (_options.Customers.Length > 0) return _options.Customers;
        var listed = await new CustomerService.CustomerServiceClient(_connections[0])
            .ListCustomersAsync(new ListCustomersRequest { PageSize = CustomersAsked }, Headers, cancellationToken: cancellation);
        return listed.Customers.Count > 0 ? [.. listed.Customers.Select(customer => customer.CustomerId)]
            : throw new InputException("the shop describes no customers; give ids of some who bought something with --customers FILE, one a line");
    }

    public RecommendRequest Request(string customer) =>
        new() { CustomerId = customer, Scenario = _options.Scenario, Count = _options.Count, Preview = _options.Preview };

    /// <summary>Asks once, so that whoever reads the figures knows what was answered.</summary>
    public async Task<string> FirstAnswerAsync(string customer, CancellationToken cancellation)
    {
        var answer = await new RecommendationService.RecommendationServiceClient(_connections[0]).RecommendAsync(Request(customer), Headers, cancellationToken: cancellation);
        int reasons = answer.Items.Sum(item => item.Reasons.Count);
        return $"{answer.Items.Count} items, {answer.ServedBy.ToString().ToLowerInvariant()}, {reasons} reasons, "
            + $"{answer.CalculateSize():N0} bytes, model {(answer.ModelVersion.Length > 0 ? answer.ModelVersion : "none")}";
    }

    public ProcessCpu? Process()
    {
        var found = _options.Pid is { } pid ? ProcessCpu.Of(pid) ?? throw new InputException($"--pid {pid}: the system tells no CPU time of such a process")
            : _options.Address.IsLoopback ? ProcessCpu.ListeningOn(_options.Address.Port) : null;
        // A process that measures itself cannot tell its two parts apart.
        return found?.Pid == Environment.ProcessId ? null : found;
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Append(Aside)) connection.Dispose();
    }

    // Exactly one connection a channel: more would be opened just when a server is slow. To the server itself: a proxy's time would count
    // as its own.
    private static GrpcChannel Connection(LoadOptions options)
    {
        var handler = new ServerAccess(options.Address, options.Key, options.TrustedFile).Handler();
        (handler.EnableMultipleHttp2Connections, handler.UseProxy) = (false, false);
        handler.AutomaticDecompression = DecompressionMethods.None;
        return GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions { HttpHandler = handler });
    }
}
