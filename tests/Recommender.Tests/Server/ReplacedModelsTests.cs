using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Recommender.Server;

namespace Recommender.Tests.Server;

[Collection(nameof(Alone))]
public sealed class ReplacedModelsTests
{
    private readonly HandClock _clock = new();

    private HandClock.HandTimer Timer => Assert.Single(_clock.Timers);

    [Fact]
    public void A_model_nobody_uses_is_gone_after_the_first_look_and_the_next_is_the_last()
    {
        using var replaced = new ReplacedModels(_clock);
        var model = AddUnused(replaced);
        Assert.Equal(ReplacedModels.FirstLook, Timer.Due);
        Timer.Fire();
        Assert.True(Gone(model));
        // Unless others in this process had it collected even before the first.
        if (Timer.Due is not null) Timer.Fire();
        Assert.Null(Timer.Due);
    }

    [Fact]
    public void A_model_in_use_is_looked_for_again_until_it_is_gone()
    {
        using var replaced = new ReplacedModels(_clock);
        var (model, use) = AddUsed(replaced);
        for (int look = 0; look < 3; look++)
        {
            Timer.Fire();
            Assert.Equal(ReplacedModels.NextLook, Timer.Due);
        }
        Assert.True(model.IsAlive);
        use.Free();
        Timer.Fire();
        Assert.True(Gone(model));
    }

    [Fact]
    public void A_model_used_for_long_is_looked_for_a_bounded_number_of_times()
    {
        using var replaced = new ReplacedModels(_clock);
        object model = new();
        replaced.Add(model);
        int looks = 0;
        while (Timer.Due is not null && looks < 100)
        {
            Timer.Fire();
            looks++;
        }
        // The one that gives up is counted, too.
        Assert.Equal(ReplacedModels.MostLooks + 1, looks);
        replaced.Add(new object());
        Assert.Equal(ReplacedModels.FirstLook, Timer.Due);
        GC.KeepAlive(model);
    }

    [Fact]
    public void Swaps_in_a_row_do_not_put_the_look_off()
    {
        using var replaced = new ReplacedModels(_clock);
        object first = new(), second = new();
        replaced.Add(first);
        Timer.Due = TimeSpan.FromSeconds(1);
        replaced.Add(second);
        Assert.Equal(TimeSpan.FromSeconds(1), Timer.Due);
        Timer.Fire();
        // A swap between two looks is not made to wait for the later one.
        replaced.Add(new object());
        Assert.Equal(ReplacedModels.FirstLook, Timer.Due);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }

    [Fact]
    public void A_model_replaced_while_the_server_ends_is_not_looked_for()
    {
        // The machine's own timers: they are asked to start again after their end.
        var replaced = new ReplacedModels(TimeProvider.System);
        replaced.Add(new object());
        replaced.Dispose();
        replaced.Add(new object());
        var ended = new ReplacedModels(_clock);
        ended.Dispose();
        ended.Add(new object());
        Assert.Null(Timer.Due);
    }

    // A collection beside everything else takes its time.
    private static bool Gone(WeakReference model) => SpinWait.SpinUntil(() => !model.IsAlive, TimeSpan.FromSeconds(60));

    // As a model that has served: only a collection of everything finds it.
    private static object Old()
    {
        object model = new();
        while (GC.GetGeneration(model) < GC.MaxGeneration) GC.Collect();
        return model;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AddUnused(ReplacedModels replaced)
    {
        object model = Old();
        replaced.Add(model);
        return new WeakReference(model);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Model, GCHandle Use) AddUsed(ReplacedModels replaced)
    {
        object model = Old();
        replaced.Add(model);
        return (new WeakReference(model), GCHandle.Alloc(model));
    }
}
