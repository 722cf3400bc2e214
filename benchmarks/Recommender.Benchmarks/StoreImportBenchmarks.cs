using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Benchmarks;

/// <summary>Events acknowledged as an import sends them, a batch of 50,000 after another, an operation being one event; the engines stand beside one another.</summary>
[MemoryDiagnoser]
[OperationsPerSecond]
[SimpleJob(RunStrategy.Monitoring, warmupCount: 2, iterationCount: 8)]
public class StoreImportBenchmarks
{
    private const int BatchLength = 50_000;

    private readonly Random _random = new(5);
    private IShopStore _store = null!;
    private ShopEvent[] _batch = [];
    private int _written;

    public static IEnumerable<string> Engines => StoreEngines.All;

    [ParamsSource(nameof(Engines))]
    public string Engine { get; set; } = "";

    [GlobalSetup]
    public async Task OpenAsync() => _store = await StoreEngines.OpenAsync(Engine);

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        await StoreEngines.RemoveAsync(Engine);
    }

    [IterationSetup]
    public void Prepare() => _batch = [.. Enumerable.Range(0, BatchLength).Select(_ => StoreEngines.Purchase(_written++, _random, customers: 20_000))];

    [Benchmark(OperationsPerInvoke = BatchLength)]
    public Task InBatchesOf50000() => _store.Events.AppendAsync(Tenant.Default, _batch, CancellationToken.None);
}
