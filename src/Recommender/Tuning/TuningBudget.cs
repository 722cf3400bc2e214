namespace Recommender.Tuning;

/// <summary>How much of a tuning is spent: of its trials, where they are counted, otherwise of its time.</summary>
internal sealed class TuningBudget(TuningOptions options, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();
    private int _trials;

    public bool CountsTrials => options.Trials is not null;

    /// <summary>Seconds kept back for what follows the search.</summary>
    public double Reserved { get; set; }

    /// <summary>Wall-clock seconds since the beginning.</summary>
    public double Seconds => clock.GetElapsedTime(_started).TotalSeconds;

    /// <summary>The part that is spent of what the search may take, 0 to 1 and beyond.</summary>
    public double Spent => options.Trials is { } trials ? (double)_trials / trials : Seconds / Math.Max(1e-9, options.Time.TotalSeconds - Reserved);

    public void CountTrial() => _trials++;

    /// <summary>Whether something that takes so long can be done before so much of the budget is spent.</summary>
    public bool Allows(double until, double seconds) =>
        options.Trials is { } trials ? _trials < Math.Round(until * trials) : Seconds + seconds <= until * (options.Time.TotalSeconds - Reserved);
}
