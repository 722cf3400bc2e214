using System.Globalization;
using Recommender.Catalogue;
using Recommender.Models;
using Recommender.Storage;
using Recommender.Storage.Sqlite;

namespace Recommender.Benchmarks;

/// <summary>A shop's folder with a large catalogue and a live model, to start a server on and look at the clock (README.md).</summary>
internal static class LargeShop
{
    private const int Together = 20_000;

    /// <param name="arguments">FOLDER [ITEMS [FACTORS [plain]]]; with <c>plain</c> the model has learned no attributes.</param>
    public static async Task WriteAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        int Number(int at, int otherwise) => arguments.Count > at ? int.Parse(arguments[at], CultureInfo.InvariantCulture) : otherwise;
        int items = Number(1, 1_000_000), factors = Number(2, 128);
        await using SqliteShopStore store = await SqliteShopStore.OpenAsync(arguments[0], TimeProvider.System, cancellation);
        foreach (int[] numbers in Enumerable.Range(0, items).Chunk(Together))
            await store.Items.UpsertAsync(Tenant.Default, [.. numbers.Select(LargeModel.ItemOf)], cancellation);
        TrainedModel model = LargeModel.Make(items, factors, described: !arguments.Contains("plain"), id: "20261122-000000-large");
        ModelCard card = await store.Archive.SaveAsync(Tenant.Default, model, cancellation);
        await store.Models.AddAsync(Tenant.Default, new ModelVersion(card.Id, card.TrainedAt, card.EventsUpTo, card.ToJson()), cancellation);
        await store.Models.PublishAsync(Tenant.Default, new Publication(card.Id, card.TrainedAt, "generated"), cancellation);
    }
}
