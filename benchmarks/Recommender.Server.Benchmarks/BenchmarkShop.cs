using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Server.Training;
using Recommender.Storage;

namespace Recommender.Server.Benchmarks;

/// <summary>A shop in a folder of its own with 25,000 items, some customers with about twenty purchases each, and models of 128 factors.</summary>
internal sealed class BenchmarkShop : IAsyncDisposable
{
    public const int Items = 25_000, Customers = 5_000;
    private const int Purchases = 22;

    private BenchmarkShop(Shop shop, string folder) => (Shop, Folder) = (shop, folder);

    public Shop Shop { get; }

    private string Folder { get; }

    public static Person Customer(int number) => Person.Customer($"c{number % Customers}");

    public static async Task<BenchmarkShop> OpenAsync(int versions)
    {
        string folder = Directory.CreateTempSubdirectory("benchmark-shop-").FullName;
        var shop = await Shop.OpenAsync(new ShopOptions { Store = ShopLocation.Parse(folder) }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await shop.Live.UpsertItemsAsync([.. Enumerable.Range(0, Items).Select(item => new Item($"item-{item}")
        {
            Attributes = ImmutableSortedDictionary<string, AttributeValue>.Empty.Add("title", new AttributeValue.Text($"The item number {item}")),
        })], CancellationToken.None);
        foreach (ShopEvent[] batch in Events().Chunk(10_000)) await shop.Intake.RecordAsync(batch, _ => false, CancellationToken.None);
        var recipe = new Recipe { Factorization = new() { Factors = 128, Sweeps = 2 } };
        for (int version = 0; version < versions; version++)
            await shop.Models.TrainAsync(recipe, PublishWish.Force, threads: 2, new Progress<TrainingStep>(), CancellationToken.None);
        return new BenchmarkShop(shop, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static IEnumerable<ShopEvent> Events()
    {
        var random = new Random(3);
        for (int customer = 0; customer < Customers; customer++)
        {
            foreach (int item in Enumerable.Range(0, Purchases).Select(_ => (int)(Items * Math.Pow(random.NextDouble(), 2.5))).Distinct())
            {
                yield return new ShopEvent
                {
                    EventId = $"{customer}-{item}",
                    Type = EventTypes.Purchase,
                    Person = Customer(customer),
                    ItemId = $"item-{item}",
                    OccurredAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
                };
            }
        }
    }
}
