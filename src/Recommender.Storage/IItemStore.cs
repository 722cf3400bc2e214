using Recommender.Catalogue;

namespace Recommender.Storage;

/// <summary>The shop's catalogue.</summary>
public interface IItemStore
{
    /// <summary>Writes the items whole, replacing those of the same id but for when they were added. All or none; on disk when it returns.</summary>
    Task UpsertAsync(Tenant tenant, IReadOnlyList<Item> items, CancellationToken cancellation);

    /// <summary>Says of items whether they can be had, and leaves all else of them as it is; of how many it was otherwise. Unknown ids are none.</summary>
    Task<int> SetAvailabilityAsync(Tenant tenant, IReadOnlyList<string> itemIds, bool available, CancellationToken cancellation);

    /// <summary>How many of the ids were there and are now gone.</summary>
    Task<int> DeleteAsync(Tenant tenant, IReadOnlyList<string> itemIds, CancellationToken cancellation);

    Task<Item?> FindAsync(Tenant tenant, string itemId, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> items in ordinal (UTF-8) order of their ids, those after <paramref name="afterId"/> (null: from the first).</summary>
    Task<IReadOnlyList<Item>> ListAsync(Tenant tenant, string? afterId, int limit, CancellationToken cancellation);

    /// <summary>The whole catalogue at once, as fast as the store can, on several cores; always in the same order.</summary>
    Task<IReadOnlyList<Item>> AllAsync(Tenant tenant, CancellationToken cancellation);

    Task<long> CountAsync(Tenant tenant, CancellationToken cancellation);
}
