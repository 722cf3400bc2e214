using System.Runtime.CompilerServices;
using Recommender.Storage.Mongo;
using Recommender.Storage.Mongoc;

namespace Recommender.Storage.Tests.Mongoc;

public sealed class MongocLaneTests
{
    private static readonly MongoOptions _options = new() { MostWaiting = 3, MostWaitingBytes = 1_000 };

    [Fact]
    public async Task A_call_given_up_while_it_waits_leaves_nothing_behind()
    {
        using var taken = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var lane = Held(taken, held);
        lane.Add(Call(10));
        taken.Wait(TestContext.Current.CancellationToken);
        var forgotten = GiveUpOne(lane);
        GC.Collect();
        Assert.False(forgotten.IsAlive);
        held.Set();
        await lane.CloseAsync();
    }

    [Fact]
    public async Task What_waits_is_bounded_in_number_and_in_bytes_and_what_is_given_up_makes_room()
    {
        using var taken = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var lane = Held(taken, held);
        lane.Add(Call(5_000));
        taken.Wait(TestContext.Current.CancellationToken);

        var large = TryAdd(lane, 900);
        Assert.NotNull(large);
        Assert.Null(TryAdd(lane, 101));
        lane.GiveUp(large);
        Assert.NotNull(TryAdd(lane, 1));
        Assert.NotNull(TryAdd(lane, 1));
        Assert.NotNull(TryAdd(lane, 1));
        Assert.Null(TryAdd(lane, 1));
        held.Set();
        await lane.CloseAsync();
    }

    [Fact]
    public async Task Closing_turns_away_what_waits()
    {
        using var taken = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var lane = Held(taken, held);
        var calls = new[] { Call(1), Call(1), Call(1) };
        foreach (var call in calls) lane.Add(call);
        var closing = lane.CloseAsync();
        Assert.Throws<ObjectDisposedException>(() => lane.Add(Call(1)));
        held.Set();
        await closing;
        foreach (var call in calls) Assert.True(await Record.ExceptionAsync(() => call.Answer) is ObjectDisposedException or MongoConnectionException);
    }

    /// <summary>One thread, which is held up and then finds no server.</summary>
    private static MongocLane Held(ManualResetEventSlim taken, ManualResetEventSlim held) => new("test", threads: 1, _options, () =>
    {
        taken.Set();
        held.Wait();
        throw new MongoConnectionException("no server in this test", timedOut: false);
    });

    private static MongocCall Call(int bytes) => new("test", new byte[bytes], MongoTarget.Primary);

    private static LinkedListNode<MongocCall>? TryAdd(MongocLane lane, int bytes)
    {
        try { return lane.Add(Call(bytes)); }
        catch (MongoConnectionException) { return null; }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference GiveUpOne(MongocLane lane)
    {
        byte[] command = new byte[100];
        lane.GiveUp(lane.Add(new MongocCall("test", command, MongoTarget.Primary)));
        return new WeakReference(command);
    }
}
