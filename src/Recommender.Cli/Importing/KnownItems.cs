using Recommender.Catalogue;
using Recommender.Storage;

namespace Recommender.Cli.Importing;

/// <summary>
/// Sees to it that every item an event names is in the catalogue, because only such items are ever shown. What the shop already says of
/// an item is not overwritten by an event that merely names it.
/// </summary>
/// <param name="startsEmpty">The catalogue was empty when the import began: what this import has not written is not there.</param>
internal sealed class KnownItems(IItemStore items, Tenant tenant, bool startsEmpty)
{
    private readonly HashSet<string> _known = [];

    /// <summary>The batch's items, and a bare one for each that its events name and that is nowhere else.</summary>
    public async Task<List<Item>> WithMissingAsync(ImportBatch batch, CancellationToken cancellation)
    {
        foreach (Item item in batch.Items) _known.Add(item.Id);
        List<Item> all = [.. batch.Items];
        foreach (var happened in batch.Events)
        {
            if (happened.ItemId is not { } id || !_known.Add(id)) continue;
            if (startsEmpty || await items.FindAsync(tenant, id, cancellation) is null) all.Add(new Item(id));
        }
        return all;
    }
}
