namespace Recommender.Storage;

/// <summary>The versions a shop has trained and the record of which went live when. The models themselves are folders elsewhere.</summary>
public interface IModelRegistry
{
    /// <summary>Enters a trained version. An id is entered once: <see cref="InvalidOperationException"/> otherwise.</summary>
    Task AddAsync(Tenant tenant, ModelVersion version, CancellationToken cancellation);

    /// <summary>All versions, newest first.</summary>
    Task<IReadOnlyList<ModelVersion>> ListAsync(Tenant tenant, CancellationToken cancellation);

    /// <summary>Makes a version live. The publication is appended to the record; an unknown id is a <see cref="KeyNotFoundException"/>.</summary>
    Task PublishAsync(Tenant tenant, Publication publication, CancellationToken cancellation);

    /// <summary>All publications, newest first; the first one is live.</summary>
    Task<IReadOnlyList<Publication>> PublicationsAsync(Tenant tenant, CancellationToken cancellation);
}

/// <param name="Id">Sorts by time: <c>20261122-041500-ab12cd</c>.</param>
/// <param name="EventsUpTo">Position of the last event it learned from.</param>
/// <param name="Card">The model card, the JSON of <c>model.json</c>.</param>
public sealed record ModelVersion(string Id, DateTimeOffset TrainedAt, long EventsUpTo, string Card);

/// <param name="Reason">Why it went live: "trained: ...", "published by force: ..." with what the gate found, "rolled back from ID".</param>
public sealed record Publication(string ModelId, DateTimeOffset PublishedAt, string Reason);
