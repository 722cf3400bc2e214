using Recommender.Interactions;

namespace Recommender.Server.Ingest;

/// <summary>
/// Somebody's events in the order in which they were recorded, and their positions in the log. They never change, so what they add up to is
/// worked out once for each model instead of once a request.
/// </summary>
internal sealed class PersonEvents(ArraySegment<ShopEvent> events, ArraySegment<long> positions)
{
    private volatile Read? _read;

    public ArraySegment<ShopEvent> Events => events;

    public ArraySegment<long> Positions => positions;

    /// <inheritdoc cref="History.Of"/>
    public History HistoryOf(ConfidenceOptions options, DateTimeOffset asOf)
    {
        if (_read is { } read && read.AsOf == asOf && ReferenceEquals(read.Options, options)) return read.History;
        var history = History.Of(events, options, asOf);
        // Two who come at once find the same; the last one stands.
        _read = new Read(options, asOf, history);
        return history;
    }

    private sealed record Read(ConfidenceOptions Options, DateTimeOffset AsOf, History History);
}
