using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Relationships;

/// <summary>
/// Which reviews and ratings there are of each item: who, when and how many stars, in memory from the first question on; texts stay in the log.
/// Every question reads on in the log from where the last one ended.
/// </summary>
internal sealed class Reviews(IEventLog log, Tenant tenant) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private Index _index = new();
    private volatile bool _forget;

    /// <summary>All of an item that were not taken back, newest first.</summary>
    public async Task<IReadOnlyList<ReviewEntry>> OfAsync(string itemId, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_forget) (_forget, _index) = (false, new Index());
            await foreach (var stored in log.ReadSinceAsync(tenant, _index.Position, cancellation)) _index.Take(stored);
            return _index.Of(itemId);
        }
        finally { _reading.Release(); }
    }

    public async Task<string> TextOfAsync(ReviewEntry review, CancellationToken cancellation) =>
        review.HasText && await log.FindAsync(tenant, review.EventId, cancellation) is { } stored ? stored.Event.Text ?? "" : "";

    /// <summary>Events were deleted: the next question reads everything.</summary>
    public void Forget() => _forget = true;

    public void Dispose() => _reading.Dispose();

    private sealed class Index
    {
        private readonly Dictionary<string, List<ReviewEntry>> _items = new(StringComparer.Ordinal);
        private readonly HashSet<string> _undone = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _undos = new(StringComparer.Ordinal);

        public long Position { get; private set; }

        public void Take(StoredEvent stored)
        {
            Position = stored.Position;
            var happened = stored.Event;
            if (happened is { Type: EventTypes.Review or EventTypes.Rating, ItemId: { } item })
            {
                if (!_items.TryGetValue(item, out var reviews)) _items.Add(item, reviews = []);
                reviews.Add(new ReviewEntry(stored.Position, happened.EventId, happened.Person, happened.OccurredAt, happened.Rating, !string.IsNullOrWhiteSpace(happened.Text)));
            }
            if (happened is not { Type: EventTypes.Undo, UndoesEventId: { } target }) return;
            _undos[happened.EventId] = target;
            // Taking back what took something back lets that stand again.
            if (_undos.TryGetValue(target, out string? restored)) _undone.Remove(restored);
            else _undone.Add(target);
        }

        public IReadOnlyList<ReviewEntry> Of(string itemId) =>
            _items.TryGetValue(itemId, out var reviews) ? [.. reviews.Where(review => !_undone.Contains(review.EventId)).Reverse()] : [];
    }
}

/// <param name="Position">In the log: the later, the newer.</param>
internal sealed record ReviewEntry(long Position, string EventId, Person Person, DateTimeOffset At, double? Stars, bool HasText);
