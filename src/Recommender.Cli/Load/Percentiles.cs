namespace Recommender.Cli.Load;

/// <summary>Exact percentiles: of all values, sorted, each by its nearest rank. No histogram, no error.</summary>
internal sealed class Percentiles
{
    private readonly long[] _sorted;

    /// <param name="ticks">Of <see cref="TimeSpan"/>; sorted in place.</param>
    public Percentiles(long[] ticks)
    {
        Array.Sort(ticks);
        _sorted = ticks;
    }

    public int Count => _sorted.Length;

    public TimeSpan Max => At(100);

    /// <summary>The smallest value that is not below <paramref name="percent"/> of them; zero where there are none.</summary>
    public TimeSpan At(double percent)
    {
        if (_sorted.Length == 0) return TimeSpan.Zero;
        // 99.9 % of 1,000 are 999, which is not what binary fractions multiply to.
        int rank = (int)Math.Ceiling(Math.Round(percent / 100 * _sorted.Length, 6));
        return new TimeSpan(_sorted[Math.Clamp(rank, 1, _sorted.Length) - 1]);
    }
}
