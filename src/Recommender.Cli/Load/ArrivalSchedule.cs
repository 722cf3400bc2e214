using System.Globalization;
using Recommender.Cli.Terminal;

namespace Recommender.Cli.Load;

/// <summary>
/// When each request is sent, laid down before the first one is: an open model, in which a slow server is asked no less often. Whoever waits
/// for an answer before asking again leaves out just the requests that would have waited (coordinated omission).
/// </summary>
internal sealed class ArrivalSchedule
{
    // What is remembered of each makes 2 GB of so many.
    private const int MostRequests = 50_000_000;

    private readonly TimeSpan[] _due;

    private ArrivalSchedule(double rate, TimeSpan[] due) => (Rate, _due) = (rate, due);

    /// <summary>Requests a second.</summary>
    public double Rate { get; }

    public int Count => _due.Length;

    /// <summary>From the beginning to the moment of a request; they never fall.</summary>
    public TimeSpan this[int request] => _due[request];

    /// <summary>At equal distances.</summary>
    public static ArrivalSchedule Even(double rate, TimeSpan length)
    {
        var due = new TimeSpan[CountOf(rate, length)];
        for (int n = 0; n < due.Length; n++) due[n] = new TimeSpan((long)Math.Round(n / rate * TimeSpan.TicksPerSecond));
        return new ArrivalSchedule(rate, due);
    }

    /// <summary>As independent people come: a Poisson process, so that some come together.</summary>
    public static ArrivalSchedule Poisson(double rate, TimeSpan length, int seed)
    {
        var random = new Random(seed);
        var due = new TimeSpan[CountOf(rate, length)];
        double at = 0;
        for (int n = 0; n < due.Length; n++, at -= Math.Log(1 - random.NextDouble()) / rate) due[n] = new TimeSpan((long)(at * TimeSpan.TicksPerSecond));
        return new ArrivalSchedule(rate, due);
    }

    /// <exception cref="InputException">There would be too many requests.</exception>
    public static void RequirePossible(double rate, TimeSpan length)
    {
        if (rate * length.TotalSeconds > MostRequests)
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"{rate:N0} requests a second for {length.TotalSeconds:N0} seconds are {rate * length.TotalSeconds:N0}; at most {MostRequests:N0} are possible: give a lower rate or fewer seconds"));
    }

    private static int CountOf(double rate, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        RequirePossible(rate, length);
        return (int)Math.Max(1, Math.Round(rate * length.TotalSeconds));
    }
}
