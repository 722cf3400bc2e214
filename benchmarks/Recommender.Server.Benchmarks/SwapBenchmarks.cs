using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Server.Serving;
using Recommender.Server.Training;
using Recommender.Storage;

namespace Recommender.Server.Benchmarks;

/// <summary>
/// One personalised request of a shop with 25,000 items, and the same while another version is read from disk and put in service ten times a
/// second by the other core. /// </summary>
[Config(typeof(EachRequestAlone))]
public class SwapBenchmarks
{
    private const int Items = 25_000;
    private const int Customers = 5_000;

    private readonly CancellationTokenSource _stopping = new();
    private string _folder = "";
    private Shop _shop = null!;
    private Task _swapping = Task.CompletedTask;
    private int _next;

    // Measured in this process, a setup is not waited for: it must not be a task.
    [GlobalSetup(Target = nameof(Recommend))]
    public void Prepare() => PrepareAsync().GetAwaiter().GetResult();

    [GlobalSetup(Target = nameof(RecommendWhileSwapping))]
    public void PrepareSwapping() => PrepareSwappingAsync().GetAwaiter().GetResult();

    private async Task PrepareAsync()
    {
        _folder = Directory.CreateTempSubdirectory("swap-").FullName;
        _shop = await Shop.OpenAsync(new ShopOptions { Store = ShopLocation.Parse(_folder) }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await _shop.Live.UpsertItemsAsync([.. Enumerable.Range(0, Items).Select(item => new Item($"item-{item}"))], CancellationToken.None);
        var random = new Random(3);
        var events = new List<ShopEvent>();
        for (int customer = 0; customer < Customers; customer++)
        {
            foreach (int item in Enumerable.Range(0, 30).Select(_ => (int)(Items * Math.Pow(random.NextDouble(), 2.5))).Distinct())
            {
                events.Add(new ShopEvent
                {
                    EventId = $"{customer}-{item}",
                    Type = EventTypes.Purchase,
                    Person = Person.Customer($"c{customer}"),
                    ItemId = $"item-{item}",
                    OccurredAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
                });
            }
        }
        foreach (ShopEvent[] batch in events.Chunk(10_000)) await _shop.Intake.RecordAsync(batch, _ => false, CancellationToken.None);
        var recipe = new Recipe { Factorization = new() { Factors = 128, Sweeps = 2 } };
        for (int version = 0; version < 2; version++)
            await _shop.Models.TrainAsync(recipe, PublishWish.Force, threads: 2, new Progress<TrainingStep>(), CancellationToken.None);
        for (int customer = 0; customer < Customers; customer++) await AnswerAsync();
    }

    private async Task PrepareSwappingAsync()
    {
        await PrepareAsync();
        string[] versions = [.. (await _shop.Models.ListAsync(CancellationToken.None)).Select(version => version.Id)];
        _swapping = Task.Run(async () =>
        {
            for (int swap = 0; !_stopping.IsCancellationRequested; swap++)
            {
                await _shop.Live.ReplaceAsync(await _shop.Store.Archive.LoadAsync(_shop.Tenant, versions[swap % 2], CancellationToken.None), CancellationToken.None);
                await Task.Delay(100);
            }
        });
    }

    [Benchmark(Baseline = true)]
    public async Task<int> Recommend() => await AnswerAsync();

    [Benchmark]
    public async Task<int> RecommendWhileSwapping() => await AnswerAsync();

    [GlobalCleanup]
    public void Close() => CloseAsync().GetAwaiter().GetResult();

    private async Task CloseAsync()
    {
        await _stopping.CancelAsync();
        await _swapping;
        await _shop.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Few requests are slow, and it is these that are asked about: each is measured by itself, five hundred of them.</summary>
    private sealed class EachRequestAlone : ManualConfig
    {
        public EachRequestAlone()
        {
            AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Monitoring).WithInvocationCount(1).WithUnrollFactor(1)
                .WithWarmupCount(100).WithIterationCount(500));
            AddColumn(StatisticColumn.Median, StatisticColumn.P95, StatisticColumn.P100);
        }
    }

    private async Task<int> AnswerAsync()
    {
        var query = new RecommendQuery { Person = Person.Customer($"c{_next++ % Customers}"), Count = 20, Preview = true };
        return (await _shop.Recommending.AnswerAsync(query, CancellationToken.None)).Served.Items.Length;
    }
}
