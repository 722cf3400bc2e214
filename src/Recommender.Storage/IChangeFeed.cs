using Recommender.Interactions;

namespace Recommender.Storage;

/// <summary>
/// What is done to a shop, as soon as other servers may know of it: where several stand before one store, each remembers things, and learns
/// here what no longer holds. A store that one process has for itself tells nothing.
/// </summary>
public interface IChangeFeed
{
    /// <summary>
    /// What is acknowledged after the first call of <c>MoveNextAsync</c>, at most half a second later where the store is well, each change at
    /// least once, one's own too. The first that comes says that track was lost: what was remembered before the watch began may be out of date.
    /// Ends only by being cancelled; while the store cannot be reached, nothing comes, and the rest comes after.
    /// </summary>
    IAsyncEnumerable<StoreChanges> WatchAsync(Tenant tenant, CancellationToken cancellation);
}

/// <param name="LostTrack">There was more than is told one by one: whatever is remembered of the store may be out of date.</param>
/// <param name="Events">Appended to the log, in no order.</param>
/// <param name="Changes">In the order in which they were made.</param>
public sealed record StoreChanges(bool LostTrack, IReadOnlyList<StoredEvent> Events, IReadOnlyList<StoreChange> Changes);

/// <summary>One thing that was written or deleted.</summary>
/// <param name="Id">The id or name of what changed; null: any of the kind may have.</param>
/// <param name="Person">Whose, where the kind is about people.</param>
public readonly record struct StoreChange(StoredKind Kind, string? Id, Person? Person)
{
    public static StoreChange Of(StoredKind kind, string? id) => new(kind, id, null);

    public static StoreChange Of(StoredKind kind, Person person) => new(kind, null, person);
}

public enum StoredKind
{
    Item,

    /// <summary>What is stated of a customer.</summary>
    Customer,

    /// <summary>A link from or to a person; both are told.</summary>
    Link,

    /// <summary>A contact of a person was reserved or settled.</summary>
    Contact,

    /// <summary>Events of a person were deleted at their wish.</summary>
    ForgottenEvents,

    /// <summary>An erasure began or ended, or somebody was readmitted.</summary>
    Erasure,

    Setting,

    Scenario,

    Questionnaire,

    /// <summary>A model went live.</summary>
    Publication,
}
