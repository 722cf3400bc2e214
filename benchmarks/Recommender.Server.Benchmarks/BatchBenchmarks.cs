using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Recommender.Server.Serving;
using Recommender.Server.Training;

namespace Recommender.Server.Benchmarks;

/// <summary>
/// What a customer of a mailing costs, ten items each: asked for one at a time, and in a batch on one and on two threads. Nobody is in memory, so each is
/// read from the store; nothing is remembered of it.
/// </summary>
[Config(typeof(AFewRuns))]
[MemoryDiagnoser]
public class BatchBenchmarks
{
    private const int People = 2_048;

    private BenchmarkShop _benchmark = null!;

    [Params(false, true)]
    public bool Reasons { get; set; }

    // Measured in this process, a setup is not waited for: it must not be a task.
    [GlobalSetup]
    public void Prepare() => _benchmark = BenchmarkShop.OpenAsync(versions: 1).GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp() => _benchmark.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [IterationSetup]
    public void Forget()
    {
        _benchmark.Shop.Histories.Forget();
        _benchmark.Shop.Facts.Forget();
        _benchmark.Shop.Exposures.Forget();
        _benchmark.Shop.Identities.Forget();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = People)]
    public async Task<int> OneAtATime()
    {
        int items = 0;
        for (int i = 0; i < People; i++)
        {
            var query = Each with { Person = BenchmarkShop.Customer(i) };
            items += (await _benchmark.Shop.Recommending.AnswerAsync(query, CancellationToken.None)).Served.Items.Length;
        }
        return items;
    }

    [Benchmark(OperationsPerInvoke = People)]
    public Task<int> BatchOnOneThread() => BatchAsync(1);

    [Benchmark(OperationsPerInvoke = People)]
    public Task<int> BatchOnTwoThreads() => BatchAsync(2);

    private RecommendQuery Each => new() { Count = 10, Preview = true, AsShown = true, WithReasons = Reasons };

    private async Task<int> BatchAsync(int threads)
    {
        var query = new BatchQuery(new([.. Enumerable.Range(0, People).Select(i => BenchmarkShop.Customer(i).Id)], "", ""), Each);
        int items = 0;
        await foreach (var part in _benchmark.Shop.Batch.AnswerAsync(query, properties: null, new BackgroundThreads(threads), CancellationToken.None))
            items += part.Told.Sum(one => one.Items.Count);
        return items;
    }

    private sealed class AFewRuns : ManualConfig
    {
        public AFewRuns() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Monitoring).WithInvocationCount(1).WithUnrollFactor(1)
            .WithWarmupCount(4).WithIterationCount(12));
    }
}
