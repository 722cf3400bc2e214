using Grpc.Core;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Item = Recommender.Catalogue.Item;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Catalogue;

internal sealed class CatalogEndpoint(Shop shop) : CatalogService.CatalogServiceBase
{
    private const int MostItems = 1000;
    private const int DefaultPage = 100;

    public override async Task<UpsertItemsResponse> UpsertItems(UpsertItemsRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        if (request.Items.Count > MostItems) check.Add("items", $"has {request.Items.Count} entries, at most {MostItems} are allowed in one call");
        check.ThrowIfAny();
        var items = new List<Item>(request.Items.Count);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < request.Items.Count; i++)
        {
            var item = ItemMapping.FromWire(request.Items[i], $"items[{i}]", check);
            if (!places.TryAdd(item.Id, i)) check.Add($"items[{i}].item_id", $"is \"{item.Id}\", as items[{places[item.Id]}] is; send an item once a call");
            items.Add(item);
        }
        check.ThrowIfAny();
        await shop.Live.UpsertItemsAsync(items, context.CancellationToken);
        return new UpsertItemsResponse { Written = items.Count };
    }

    public override async Task<SetAvailabilityResponse> SetAvailability(SetAvailabilityRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Ids("item_ids", request.ItemIds, MostItems, needed: true);
        check.ThrowIfAny();
        string[] itemIds = [.. request.ItemIds.Distinct(StringComparer.Ordinal)];
        if (Array.Find(itemIds, itemId => shop.Live.Now.Shelves.Find(itemId) is null) is { } unknown) throw shop.UnknownItem(unknown);
        return new SetAvailabilityResponse { Changed = await shop.Live.SetAvailabilityAsync(itemIds, request.Available, context.CancellationToken) };
    }

    public override async Task<DeleteItemsResponse> DeleteItems(DeleteItemsRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Ids("item_ids", request.ItemIds, MostItems, needed: true);
        check.ThrowIfAny();
        return new DeleteItemsResponse { Deleted = await shop.Live.DeleteItemsAsync(request.ItemIds, context.CancellationToken) };
    }

    public override async Task<Wire.Item> GetItem(GetItemRequest request, ServerCallContext context) =>
        ItemMapping.ToWire(await KnownAsync(request.ItemId, context.CancellationToken));

    public override async Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        int size = check.Number("page_size", request.HasPageSize ? request.PageSize : null, 1, MostItems, DefaultPage);
        if (!PageToken.TryReadAfter(request.PageToken, out string? after)) check.Add("page_token", "was not given by this server; leave it out to begin");
        check.ThrowIfAny();
        // One more than asked for tells whether another page follows.
        var items = await shop.Store.Items.ListAsync(shop.Tenant, after, size + 1, context.CancellationToken);
        return new ListItemsResponse
        {
            Items = { items.Take(size).Select(ItemMapping.ToWire) },
            NextPageToken = items.Count > size ? PageToken.After(items[size - 1].Id) : "",
            TotalSize = await shop.Store.Items.CountAsync(shop.Tenant, context.CancellationToken),
        };
    }

    private async Task<Item> KnownAsync(string itemId, CancellationToken cancellation) =>
        await shop.Store.Items.FindAsync(shop.Tenant, itemId, cancellation) ?? throw shop.UnknownItem(itemId);
}
