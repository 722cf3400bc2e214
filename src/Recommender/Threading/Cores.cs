namespace Recommender.Threading;

/// <summary>
/// How work is divided among cores: on the scheduler of whoever calls, so that all of it has the priority of its caller's threads. Options that are made
/// without naming a scheduler take the pool's, as loops without options do.
/// </summary>
public static class Cores
{
    /// <param name="threads">The most at once.</param>
    /// <param name="cancellation">Ends the loop between two parts of it.</param>
    public static ParallelOptions Of(int threads, CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current };

    /// <summary>As many as the scheduler has.</summary>
    public static ParallelOptions All(CancellationToken cancellation) => Of(-1, cancellation);

    /// <summary>Whether the caller runs on threads other than the pool's, as work does that nobody waits for.</summary>
    public static bool Yielding => TaskScheduler.Current != TaskScheduler.Default;
}
