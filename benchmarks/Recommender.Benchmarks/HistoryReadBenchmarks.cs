using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Recommender.Interactions;
using Recommender.Storage;
using Recommender.Storage.Mongo;

namespace Recommender.Benchmarks;

/// <summary>
/// A customer's history of 30 events out of 300,000, and everything there is of a customer, each by one query; the limit beside them is one document found by its
/// key, with a command given to the driver as it is.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, warmupCount: 2, iterationCount: 10)]
public class HistoryReadBenchmarks
{
    private const int Customers = 10_000;
    private const int Reads = 500;

    private readonly Random _random = new(5);
    private readonly List<string> _ids = [];
    private IShopStore _store = null!;
    private IMongoTransport? _driver;

    public static IEnumerable<string> Engines => StoreEngines.All;

    [ParamsSource(nameof(Engines))]
    public string Engine { get; set; } = "";

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _store = await StoreEngines.OpenAsync(Engine);
        foreach (int[] batch in Enumerable.Range(0, Customers * 30).Chunk(50_000))
        {
            ShopEvent[] events = [.. batch.Select(number => StoreEngines.Purchase(number, _random, Customers))];
            _ids.AddRange(events.Select(one => one.EventId));
            await _store.Events.AppendAsync(Tenant.Default, events, CancellationToken.None);
        }
        if (Engine == StoreEngines.Shared) _driver = StoreEngines.Transport();
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        if (_driver is not null) await _driver.DisposeAsync();
        await _store.DisposeAsync();
        await StoreEngines.RemoveAsync(Engine);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Reads)]
    public async Task OneEventByItsKey()
    {
        for (int i = 0; i < Reads; i++)
        {
            string id = _ids[_random.Next(_ids.Count)];
            if (_driver is null) await _store.Events.FindAsync(Tenant.Default, id, CancellationToken.None);
            else await StoreEngines.FindRawAsync(_driver, id);
        }
    }

    [Benchmark(OperationsPerInvoke = Reads)]
    public async Task HistoryOf30()
    {
        for (int i = 0; i < Reads; i++) await _store.Events.ReadPersonAsync(Tenant.Default, Someone(), CancellationToken.None);
    }

    /// <summary>The same documents by the driver alone: what of a history's time is the server's. SQLite has no driver between.</summary>
    [Benchmark(OperationsPerInvoke = Reads)]
    public async Task HistoryOf30ByTheDriver()
    {
        for (int i = 0; i < Reads && _driver is not null; i++) await StoreEngines.FindHistoryRawAsync(_driver, Someone());
    }

    private Person Someone() => Person.Customer($"customer-{_random.Next(Customers)}");
}
