using Recommender.Server.Profiles;

namespace Recommender.Tests.Server;

public sealed class TwoGenerationsTests
{
    [Fact]
    public async Task Whoever_is_passing_neither_waits_for_others_nor_makes_them_wait()
    {
        var memory = new TwoGenerations<int, object>(10);
        object active = memory.Hold(1);
        var looking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var look = new ManualResetEventSlim();
        // It holds the lock while it looks at everybody.
        var forgetting = Task.Run(() => memory.Forget(_ =>
        {
            looking.TrySetResult();
            look.Wait();
            return false;
        }), TestContext.Current.CancellationToken);
        await looking.Task;
        try
        {
            await Task.Run(() =>
            {
                memory.Pass(2);
                Assert.Same(memory.Hold(2), memory.Find(2));
                memory.HasPassed(2);
            }, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
        finally { look.Set(); }
        await forgetting;
        Assert.Null(memory.Find(2));
        memory.Pass(1);
        memory.HasPassed(1);
        Assert.Same(active, memory.Find(1));
    }

    [Fact]
    public void Whoever_is_passing_is_forgotten_as_anybody_is()
    {
        var memory = new TwoGenerations<int, object>(10);
        Action[] ways = [() => memory.Forget(1), () => memory.Forget(key => key == 1), memory.Clear];
        foreach (var forget in ways)
        {
            memory.Pass(1);
            object held = memory.Hold(1);
            forget();
            Assert.NotSame(held, memory.Find(1));
            Assert.Null(memory.Find(1));
        }
    }
}
