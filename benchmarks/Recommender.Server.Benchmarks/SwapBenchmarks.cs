using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Recommender.Interactions;
using Recommender.Server.Serving;

namespace Recommender.Server.Benchmarks;

/// <summary>
/// One personalised request of a shop with 25,000 items, and the same while another version is read from disk and put in service ten times a
/// second by the other core.
/// </summary>
[Config(typeof(EachRequestAlone))]
public class SwapBenchmarks
{
    private readonly CancellationTokenSource _stopping = new();
    private BenchmarkShop _benchmark = null!;
    private Task _swapping = Task.CompletedTask;
    private int _next;

    // Measured in this process, a setup is not waited for: it must not be a task.
    [GlobalSetup(Target = nameof(Recommend))]
    public void Prepare() => PrepareAsync().GetAwaiter().GetResult();

    [GlobalSetup(Target = nameof(RecommendWhileSwapping))]
    public void PrepareSwapping() => PrepareSwappingAsync().GetAwaiter().GetResult();

    private async Task PrepareAsync()
    {
        _benchmark = await BenchmarkShop.OpenAsync(versions: 2);
        for (int customer = 0; customer < BenchmarkShop.Customers; customer++) await AnswerAsync();
    }

    private async Task PrepareSwappingAsync()
    {
        await PrepareAsync();
        string[] versions = [.. (await _benchmark.Shop.Models.ListAsync(CancellationToken.None)).Select(version => version.Id)];
        _swapping = Task.Run(async () =>
        {
            for (int swap = 0; !_stopping.IsCancellationRequested; swap++)
            {
                var shop = _benchmark.Shop;
                var next = await shop.Store.Archive.LoadAsync(shop.Tenant, versions[swap % 2], Vocabulary.Empty, CancellationToken.None);
                await shop.Live.ReplaceAsync(next, CancellationToken.None);
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
        await _benchmark.DisposeAsync();
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
        var query = new RecommendQuery { Person = BenchmarkShop.Customer(_next++), Count = 20, Preview = true };
        return (await _benchmark.Shop.Recommending.AnswerAsync(query, CancellationToken.None)).Served.Items.Length;
    }
}
