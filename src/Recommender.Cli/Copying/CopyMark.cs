using System.Text.Json;
using Recommender.Server;
using Recommender.Storage;

namespace Recommender.Cli.Copying;

/// <summary>How far a copy has come, kept in its target: the kind being copied and the place of the page after which it goes on.</summary>
/// <param name="Source">Where the copy is from, without a password.</param>
internal sealed record CopyMark(string Source, RecordKind Kind, string? After)
{
    public static async Task<CopyMark?> FindAsync(IShopStore target, Tenant tenant, CancellationToken cancellation) =>
        await target.Checkpoints.FindAsync(tenant, Shop.BegunCopy, cancellation) is { } json ? JsonSerializer.Deserialize<CopyMark>(json) : null;

    public Task SetAsync(IShopStore target, Tenant tenant, CancellationToken cancellation) =>
        target.Checkpoints.SetAsync(tenant, Shop.BegunCopy, JsonSerializer.Serialize(this), cancellation);

    public static bool IsOne(ShopRecord record) => record is ShopRecord.OfCheckpoint { Name: Shop.BegunCopy };
}
