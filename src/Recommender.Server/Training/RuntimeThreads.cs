namespace Recommender.Server.Training;

/// <summary>
/// Threads that the runtime makes when they are first needed, and that yield for ever where it is a thread of <see cref="BackgroundThreads"/> that needs them
/// first: a thread begins with the nice value of the one that made it. Requests wait for these two, for the one at every deadline, for the other in the pauses
/// of a collection of garbage.
/// </summary>
internal static class RuntimeThreads
{
    private static int _made;

    /// <summary>Makes them at the priority of the caller, once.</summary>
    public static void Make()
    {
        if (Interlocked.Exchange(ref _made, 1) != 0) return;
        new Timer(timer => ((Timer)timer!).Dispose()).Change(dueTime: 0, Timeout.Infinite);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }
}
