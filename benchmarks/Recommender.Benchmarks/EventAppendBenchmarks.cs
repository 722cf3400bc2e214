using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Microsoft.Win32.SafeHandles;
using Recommender.Interactions;
using Recommender.Storage.Sqlite;

namespace Recommender.Benchmarks;

/// <summary>
/// Events acknowledged (on disk) by the embedded store, an operation being one event; the limit beside them is one 4 KB write flushed to the same
/// disk, which a single writer pays for every event and a group of writers shares.
/// </summary>
[MemoryDiagnoser]
[OperationsPerSecond]
[SimpleJob(RunStrategy.Monitoring, warmupCount: 3, iterationCount: 15)]
public class EventAppendBenchmarks
{
    private const int EventCount = 16_384;
    private const int BatchLength = 256;
    private const int Customers = 20_000;
    private const int Items = 10_000;

    // Beside the program, not in the temporary folder: that one may be memory.
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, "event-append");
    private readonly Random _random = new(5);
    private readonly byte[] _block = new byte[4096];
    private SqliteShopStore _store = null!;
    private SafeFileHandle _file = null!;
    private ShopEvent[] _events = [];
    private int _written;

    /// <summary>Callers that append at the same time, each waiting for its acknowledgement before it sends the next.</summary>
    [Params(1, 16, 256)]
    public int Writers { get; set; }

    [GlobalSetup]
    public async Task OpenAsync()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        _store = await SqliteShopStore.OpenAsync(_folder, TimeProvider.System, CancellationToken.None);
        _file = File.OpenHandle(Path.Combine(_folder, "limit.bin"), FileMode.Create, FileAccess.ReadWrite, preallocationSize: 1024 * _block.Length);
        for (int block = 0; block < 1024; block++) RandomAccess.Write(_file, _block, block * _block.Length);
        RandomAccess.FlushToDisk(_file);
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        _file.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [IterationSetup]
    public void Prepare() => _events = [.. Enumerable.Range(0, EventCount).Select(_ => NextEvent())];

    [Benchmark(Baseline = true, OperationsPerInvoke = 256)]
    public void OneBlockFlushed()
    {
        for (int block = 0; block < 256; block++)
        {
            RandomAccess.Write(_file, _block, block * _block.Length);
            RandomAccess.FlushToDisk(_file);
        }
    }

    [Benchmark(OperationsPerInvoke = EventCount)]
    public Task OneByOne() => AppendAsync(batchLength: 1);

    [Benchmark(OperationsPerInvoke = EventCount)]
    public Task InBatchesOf256() => AppendAsync(BatchLength);

    private Task AppendAsync(int batchLength)
    {
        int next = 0;
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Add(ref next, batchLength) is var end and <= EventCount)
                await _store.Events.AppendAsync(Tenant.Default, new ArraySegment<ShopEvent>(_events, end - batchLength, batchLength), CancellationToken.None);
        })));
    }

    // A purchase as a shop sends it: ids of 36 letters that grow with time, customers in no order.
    private ShopEvent NextEvent()
    {
        int number = _written++;
        return new ShopEvent
        {
            EventId = $"01985f3a-{number >> 16:x4}-7{number & 0xfff:x3}-{_random.Next(1 << 16):x4}-{number:x12}",
            Type = EventTypes.Purchase,
            Person = Person.Customer($"customer-{_random.Next(Customers)}"),
            ItemId = $"item-{_random.Next(Items)}",
            Price = 12.95m,
            Currency = "EUR",
            Channel = "web",
            OrderId = $"order-{number / 3}",
            OccurredAt = DateTimeOffset.UnixEpoch.AddSeconds(number),
        };
    }
}
