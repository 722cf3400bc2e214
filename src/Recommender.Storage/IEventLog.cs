using Recommender.Interactions;

namespace Recommender.Storage;

/// <summary>The append-only truth. Positions grow by appending, start at 1 and are never used twice; gaps are allowed.</summary>
public interface IEventLog
{
    /// <summary>
    /// Appends in the given order and returns when the events are on disk, with one outcome an event in the same order.
    /// An event id seen before is not appended again: with equal content it is a duplicate, with other content a conflict.
    /// Cancelling frees the caller; a batch is then either wholly in the log or not at all.
    /// </summary>
    Task<IReadOnlyList<AppendOutcome>> AppendAsync(Tenant tenant, IReadOnlyList<ShopEvent> events, CancellationToken cancellation);

    /// <summary>All events after a position, in the order of positions, read in pages: memory does not grow with the log.</summary>
    IAsyncEnumerable<StoredEvent> ReadSinceAsync(Tenant tenant, long position, CancellationToken cancellation);

    /// <summary>Everything one person did, in the order of positions, undo events included. One indexed query.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadPersonAsync(Tenant tenant, Person person, CancellationToken cancellation);

    /// <summary>
    /// Customers who did anything, by their ids in ordinal (UTF-8) order, those after <paramref name="afterId"/>: some of them, at most
    /// <paramref name="limit"/>, and none where there are no more.
    /// </summary>
    Task<IReadOnlyList<string>> CustomersAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation);

    Task<StoredEvent?> FindAsync(Tenant tenant, string eventId, CancellationToken cancellation);

    /// <summary>The position of the newest event, 0 for an empty log.</summary>
    Task<long> LastPositionAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>When the newest of all events happened, whenever it was recorded; null for an empty log. Reads the whole log.</summary>
    Task<DateTimeOffset?> NewestAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>How many events come after a position. Positions have gaps, so their difference does not tell.</summary>
    Task<long> CountSinceAsync(Tenant tenant, long position, CancellationToken cancellation);

    /// <summary>
    /// Deletes events of a person for good, at the person's wish: with an erasure the one way in which the log loses anything. How many of them
    /// were there; those of somebody else are left alone. All or none. Their positions and ids are not used again: an event that was forgotten and
    /// is sent once more is a duplicate at its former position, whatever it says, so that retries and imports run to their end and it stays away.
    /// </summary>
    Task<int> ForgetAsync(Tenant tenant, Person person, IReadOnlyList<string> eventIds, CancellationToken cancellation);

    /// <summary>How many events and how many different people the log holds.</summary>
    Task<EventLogSize> SizeAsync(Tenant tenant, CancellationToken cancellation);
}

public readonly record struct StoredEvent(long Position, ShopEvent Event);

public readonly record struct EventLogSize(long Events, long Customers, long Visitors);

public enum AppendStatus { Appended, Duplicate, Conflict }

/// <summary>What became of one event; for a duplicate or a conflict, <paramref name="Position"/> is that of the event already there.</summary>
public readonly record struct AppendOutcome(AppendStatus Status, long Position);
