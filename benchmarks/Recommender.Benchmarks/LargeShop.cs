using System.Diagnostics;
using System.Globalization;
using Recommender.Catalogue;
using Recommender.Interactions;
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

    /// <summary>What a start is made of, one after the other: seconds of the clock and of the processor.</summary>
    public static async Task SplitAsync(string folder, CancellationToken cancellation)
    {
        await using SqliteShopStore store = await SqliteShopStore.OpenAsync(folder, TimeProvider.System, cancellation);
        string id = (await store.Models.PublicationsAsync(Tenant.Default, cancellation))[0].ModelId;
        TrainedModel model = await TimedAsync("model", () => store.Archive.LoadAsync(Tenant.Default, id, Vocabulary.Empty, cancellation));
        IReadOnlyList<Item> items = await TimedAsync("items", () => store.Items.AllAsync(Tenant.Default, cancellation));
        CatalogueView view = await TimedAsync("view", () => Task.FromResult(new CatalogueView(model.Items, items, new CatalogueOptions())));
        await TimedAsync("filter", () => Task.FromResult(view.Shelves.Where("item.price < 20.0 && \"tag 7\" in item.tags", cancellation)));
        await TimedAsync("scorer", () => Task.FromResult(new Scoring.Scorer(model)));
    }

    private static async Task<T> TimedAsync<T>(string what, Func<Task<T>> work)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime, paused = GC.GetTotalPauseDuration();
        long started = Stopwatch.GetTimestamp();
        T result = await work();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-8} {Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.00} s  processor {(Environment.CpuUsage.TotalTime - processor).TotalSeconds,6:0.00} s  of it collecting {(GC.GetTotalPauseDuration() - paused).TotalSeconds,6:0.00} s"));
        return result;
    }
}
