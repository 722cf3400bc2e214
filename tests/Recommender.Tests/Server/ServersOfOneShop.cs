using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Server;
using Recommender.Server.Security;
using Recommender.Storage;
using Recommender.Storage.Sqlite;

namespace Recommender.Tests.Server;

/// <summary>Two servers' shops over one store: crime and garden books, and forty readers of each.</summary>
public sealed class ServersOfOneShop : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servers-").FullName;
    private SqliteShopStore _opened = null!;

    public Shop One { get; private set; } = null!;

    public Shop Other { get; private set; } = null!;

    public ObservedStore Observed { get; private set; } = null!;

    public MovableClock Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _opened = await SqliteShopStore.OpenAsync(_folder, Clock, CancellationToken.None);
        Observed = new ObservedStore(_opened);
        One = await OpenAsync();
        await One.Live.UpsertItemsAsync([.. Books()], CancellationToken.None);
        await One.RecordAsync([.. Purchases()], CancellationToken.None);
        await TrainAsync(One);
        Other = await OpenAsync();
    }

    internal Task<Shop> OpenAsync() => Shop.OpenAsync(new ShopOptions { Store = ShopLocation.Parse(_folder) }, Observed.Store,
        PlantedShop.Small, AccessKeys.None, Clock, NullLoggerFactory.Instance, CancellationToken.None);

    public static async Task<string> TrainAsync(Shop shop) =>
        (await shop.Models.TrainAsync(shop.Recipe, Recommender.Server.Training.PublishWish.IfNotWorse, threads: 1,
            new Progress<Recommender.Server.Training.TrainingStep>(), CancellationToken.None)).Version.Id;

    /// <summary>Tells a shop what the store's feed would tell it, and waits until it has read what it must.</summary>
    internal static async Task TellAsync(Shop shop, params StoreChange[] changes)
    {
        shop.Following.Take(new StoreChanges(false, [], changes));
        await shop.Following.SettledAsync();
    }

    internal static void Tell(Shop shop, params StoredEvent[] events) => shop.Following.Take(new StoreChanges(false, events, []));

    internal async Task<StoredEvent> RecordAsync(Shop shop, ShopEvent happened)
    {
        var outcome = (await shop.RecordAsync([happened], CancellationToken.None))[0];
        return new StoredEvent(outcome.Position, happened);
    }

    public ShopEvent Purchase(string id, Person person, string item) =>
        new() { EventId = id, Type = EventTypes.Purchase, Person = person, ItemId = item, OccurredAt = Clock.GetUtcNow() };

    public async ValueTask DisposeAsync()
    {
        Observed.OutOfReach = false;
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await _opened.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<Item> Books() =>
        from kind in (string[])["crime", "garden"] from number in Enumerable.Range(0, 12) select new Item($"{kind}-{number:00}");

    private IEnumerable<ShopEvent> Purchases() =>
        from kind in (string[])["crime", "garden"]
        from reader in Enumerable.Range(0, 40)
        from number in Enumerable.Range(0, 12).OrderBy(number => (reader * 7 + number * 5) % 12).Take(6)
        select Purchase($"{kind}-{reader}-{number}", Person.Customer($"{kind}-reader-{reader}"), $"{kind}-{number:00}");
}
