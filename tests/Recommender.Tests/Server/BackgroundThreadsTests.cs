using System.Collections.Concurrent;
using System.Globalization;
using Recommender.Models;
using Recommender.Server;
using Recommender.Server.Training;
using Recommender.Tests.Models;
using Recommender.Threading;

namespace Recommender.Tests.Server;

public sealed class BackgroundThreadsTests(PlantedShop planted) : IClassFixture<PlantedShop>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_is_done_in_parallel_is_done_by_as_many_threads_as_were_given_and_by_no_other(int threads)
    {
        var background = new BackgroundThreads(threads);
        var names = new ConcurrentDictionary<string, int>();
        await background.RunAsync(() =>
        {
            // As many parts as threads that end together: each has one of its own.
            using var together = new Barrier(threads);
            Parallel.For(0, threads, Cores.Of(threads, Stop), _ =>
            {
                names.TryAdd(Thread.CurrentThread.Name ?? "of the pool", 0);
                together.SignalAndWait(Stop);
            });
            Parallel.For(0, 50, Cores.All(Stop), _ => Parallel.For(0, 4, Cores.Of(threads, Stop), _ => names.TryAdd(Thread.CurrentThread.Name ?? "of the pool", 0)));
            return 0;
        }, Stop);
        Assert.All(names.Keys, name => Assert.StartsWith(BackgroundThreads.ThreadName, name, StringComparison.Ordinal));
        Assert.Equal(threads, names.Count);
    }

    [Fact]
    public async Task What_goes_on_after_a_wait_goes_on_here()
    {
        string? after = await new BackgroundThreads(1).RunAsync(async () =>
        {
            await Task.Delay(1, Stop);
            return Thread.CurrentThread.Name;
        }, Stop);
        Assert.StartsWith(BackgroundThreads.ThreadName, after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_Linux_the_system_knows_that_the_threads_yield_and_that_the_others_do_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is a priority of .NET's.");
        int before = Nice();
        Assert.Equal(Math.Max(before, BackgroundThreads.Nice), await new BackgroundThreads(2).RunAsync(Nice, Stop));
        Assert.Equal(before, await Task.Run(Nice, Stop));
    }

    [Fact]
    public async Task A_training_of_the_server_and_its_comparison_leave_the_pool_to_requests()
    {
        var threads = new Whereabouts(_ => { });
        await planted.Shop.Models.TrainAsync(PlantedShop.Small, PublishWish.Force, threads: 2, threads, Stop);
        Assert.Contains(threads.Seen, seen => seen.Stage.StartsWith("learning sweep", StringComparison.Ordinal));
        Assert.All(threads.Seen.Where(seen => seen.Stage.StartsWith("learning", StringComparison.Ordinal) || seen.Stage == "measuring"),
            seen => Assert.StartsWith(BackgroundThreads.ThreadName, seen.Thread, StringComparison.Ordinal));
        // What serves is what was saved.
        Assert.Equal(SavedModel.Files(planted.Shop.Live.Current.Model!)["items.txt"],
            await File.ReadAllBytesAsync(Path.Combine(planted.Folder, "models", planted.Shop.Live.Current.Model!.Card.Id, "items.txt"), Stop));
    }

    [Fact]
    public async Task The_first_model_is_read_at_full_priority_since_all_wait_for_it_and_the_next_beside_requests()
    {
        using var live = new LiveModel(planted.Shop.Store.Items, planted.Shop.Tenant, () => [], planted.Clock);
        var threads = new List<string?>();
        Task<TrainedModel?> Read()
        {
            threads.Add(Thread.CurrentThread.Name);
            return Task.FromResult<TrainedModel?>(null);
        }
        await live.ReplaceAsync(Read, Stop);
        await live.ReplaceAsync(Read, Stop);
        Assert.Equal([false, true],
            threads.Select(name => name?.StartsWith(BackgroundThreads.ThreadName, StringComparison.Ordinal) ?? false));
    }

    [Fact]
    public async Task A_cancelled_training_stops_at_once_and_the_next_one_finds_its_threads()
    {
        using var stopping = new CancellationTokenSource();
        var threads = new Whereabouts(stage => { if (stage.StartsWith("learning sweep", StringComparison.Ordinal)) stopping.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => planted.Shop.Models.TrainAsync(
            PlantedShop.Small with { Factorization = PlantedShop.Small.Factorization with { Sweeps = 500 } }, PublishWish.Force, threads: 2, threads, stopping.Token));
        Assert.InRange(threads.Seen.Count(seen => seen.Stage.StartsWith("learning sweep", StringComparison.Ordinal)), 1, 50);
        await planted.Shop.Models.TrainAsync(PlantedShop.Small, PublishWish.Keep, threads: 2, new Whereabouts(_ => { }), Stop);
    }

    private static int Nice()
    {
        // "pid (name) state ...": the nice value is the 19th field, the 17th after the name.
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }

    private sealed class Whereabouts(Action<string> told) : IProgress<TrainingStep>
    {
        public ConcurrentQueue<(string Stage, string? Thread)> Seen { get; } = [];

        public void Report(TrainingStep value)
        {
            Seen.Enqueue((value.Stage, Thread.CurrentThread.Name));
            told(value.Stage);
        }
    }
}
