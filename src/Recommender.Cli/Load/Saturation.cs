namespace Recommender.Cli.Load;

/// <summary>Looks for the greatest arrival rate a server keeps up with: doubled until it falls behind, then halved in between.</summary>
internal static class Saturation
{
    /// <summary>A rate is kept up with when so much of it is answered ...</summary>
    public const double Followed = 0.98;

    private const int Halvings = 5;

    /// <summary>... and hardly anybody waits longer: in an open model a queue that grows passes any bound.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(50);

    public static bool IsKept(MeasuredStep step) => step.Failed == 0 && step.Achieved >= Followed * step.Rate && step.Latency.At(99) <= Bound;

    /// <param name="from">A rate that is surely kept up with.</param>
    /// <param name="most">Where to stop, should nothing be too much.</param>
    /// <param name="isKept">Tries a rate.</param>
    /// <returns>The greatest rate that was kept up with, to a thirtieth of it; 0 where not even the first was.</returns>
    public static async Task<double> FindAsync(double from, double most, Func<double, Task<bool>> isKept)
    {
        // Something else may have disturbed one try.
        async Task<bool> IsKeptAsync(double rate) => await isKept(rate) || await isKept(rate);
        double kept = 0, lost = from;
        for (; lost <= most && await IsKeptAsync(lost); lost *= 2) kept = lost;
        if (kept == 0 || lost > most) return kept;
        for (int n = 0; n < Halvings; n++)
        {
            double middle = (kept + lost) / 2;
            if (await IsKeptAsync(middle)) kept = middle;
            else lost = middle;
        }
        return kept;
    }
}
