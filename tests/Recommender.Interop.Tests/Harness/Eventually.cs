namespace Recommender.Interop.Tests.Harness;

public static class Eventually
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Fails the test if what must come does not come; no test waits for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task True(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Not within {Patience}: {what}");
            await Task.Delay(_pause);
        }
    }

    /// <summary>The value once it has stayed the same for as many looks.</summary>
    public static async Task<int> Settled(Func<int> value, int looks)
    {
        using var patience = new CancellationTokenSource(Patience);
        int last = value();
        for (int same = 0; same < looks; same++)
        {
            Assert.False(patience.IsCancellationRequested, $"Still changing after {Patience}: {last}");
            await Task.Delay(_pause);
            int now = value();
            (last, same) = (now, now == last ? same : 0);
        }
        return last;
    }
}
