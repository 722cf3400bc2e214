using Recommender.Models;
using Recommender.Server;

namespace Recommender.Tests.Server;

[Collection(nameof(Alone))]
public sealed class LiveModelTests(PlantedShop planted) : IClassFixture<PlantedShop>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Histories_are_known_by_the_same_options_after_a_swap_and_after_the_catalogue_is_read_anew()
    {
        using var live = Live(planted.Clock);
        await live.ReplaceAsync(await LoadAsync(), Stop);
        var known = live.Current.Confidence;
        Assert.NotNull(known);
        await live.ReplaceAsync(await LoadAsync(), Stop);
        Assert.Same(known, live.Current.Confidence);
        await live.ReloadAsync(Stop);
        Assert.Same(known, live.Current.Confidence);
    }

    [Fact]
    public async Task A_replaced_model_is_gone_soon_after_and_a_catalogue_read_anew_replaces_none()
    {
        var clock = new HandClock();
        using var live = Live(clock);
        var timer = Assert.Single(clock.Timers);
        var first = await PutAsync(live);
        await live.ReloadAsync(Stop);
        Assert.Null(timer.Due);
        await live.ReplaceAsync(await LoadAsync(), Stop);
        Assert.Equal(ReplacedModels.FirstLook, timer.Due);
        // It would be another if it had been started again.
        timer.Due = TimeSpan.FromSeconds(1);
        await live.ReloadAsync(Stop);
        Assert.Equal(TimeSpan.FromSeconds(1), timer.Due);
        Assert.Single(clock.Timers);
        timer.Fire();
        Assert.True(SpinWait.SpinUntil(() => !first.IsAlive, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_swap_that_ends_after_the_shop_does_fails_nobody_and_starts_nothing()
    {
        var clock = new HandClock();
        var live = Live(clock);
        await live.ReplaceAsync(await LoadAsync(), Stop);
        var reading = new TaskCompletionSource<TrainedModel?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var swap = live.ReplaceAsync(() => reading.Task, Stop);
        var after = live.ReloadAsync(Stop);
        live.Dispose();
        reading.SetResult(await LoadAsync());
        await swap.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        await after.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Null(Assert.Single(clock.Timers).Due);
    }

    // Nothing here holds the model when it returns.
    private async Task<WeakReference> PutAsync(LiveModel live)
    {
        await live.ReplaceAsync(await LoadAsync(), Stop);
        // As after some time of service: only a collection of everything finds it.
        while (GC.GetGeneration(live.Current.Model!) < GC.MaxGeneration) GC.Collect();
        return new WeakReference(live.Current.Model);
    }

    private LiveModel Live(TimeProvider time) => new(planted.Shop.Store.Items, planted.Shop.Tenant, () => [], time);

    private Task<TrainedModel> LoadAsync() =>
        planted.Shop.Store.Archive.LoadAsync(planted.Shop.Tenant, planted.Shop.Models.LiveId!, planted.Shop.Live.Current.Items, Stop);
}
