using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Recommender.Server.Training;

/// <summary>
/// Threads for work that nobody waits for: training, tuning, comparing, batches. They are its own, so requests never lack a thread of the pool because of
/// it, and the system gives them most of a core only where nothing else wants it. The engine's loops take the scheduler of their caller
/// (<see cref="Threading.Cores"/>), so they stay on these threads without knowing of them.
/// </summary>
public sealed class BackgroundThreads : TaskScheduler
{
    /// <summary>
    /// Linux: 10 of at most 19. A thread of 0 gets nine times the processor time of one of 10 where both want the same core. Not more: a collection of
    /// garbage that one of these threads sets off is done by it, and everybody waits for that.
    /// </summary>
    public const int Nice = 10;

    /// <summary>What each thread is called, with a number behind it.</summary>
    public const string ThreadName = "background";

    // Idle ones end: a shop that trains at night has none by day.
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Lock _counting = new();
    private int _threads;
    private int _undone; // tasks that wait or run: each has a thread, as far as there may be so many

    // A thread begins with the nice value of the one that makes it. The runtime's one thread for all timers is made by whoever needs it
    // first: by the caller here, who yields to nobody.
    static BackgroundThreads() => new Timer(_ => { }, state: null, dueTime: 0, Timeout.Infinite).Dispose();

    /// <param name="threads">The most that run at once.</param>
    public BackgroundThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        MaximumConcurrencyLevel = threads;
    }

    public override int MaximumConcurrencyLevel { get; }

    /// <summary>Runs work on one of the threads, and what it does in parallel on all of them.</summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>Runs work that reads from elsewhere, too: between its waits it is on these threads.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task)
    {
        lock (_counting)
        {
            _tasks.Add(task);
            if (++_undone <= _threads || _threads == MaximumConcurrencyLevel) return;
            new Thread(Work) { IsBackground = true, Name = $"{ThreadName} {++_threads}" }.Start();
        }
    }

    // Only on a thread that is one of these: whoever waits for a task from elsewhere would do its work at another priority. One of these must: loops
    // within loops would else wait for parts that no thread is left for. What was queued is found done when its turn comes.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => _isOurs == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    [ThreadStatic]
    private static BackgroundThreads? _isOurs;

    private void Work()
    {
        _isOurs = this;
        Yield();
        while (TryTake(out Task? task))
        {
            TryExecuteTask(task);
            lock (_counting) _undone--;
        }
    }

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        if (_tasks.TryTake(out task, _idle)) return true;
        lock (_counting)
        {
            // What came after the wait has ended counts on this thread.
            if (_tasks.TryTake(out task)) return true;
            _threads--;
            return false;
        }
    }

    // .NET's priorities do nothing on Linux, where a nice value is a thread's own and may be raised by anybody.
    private static void Yield()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return;
        }
        // Nobody needs a right for it. Where a sandbox forbids the call itself, the work is done all the same.
        // A server that was started to yield to everything yields here no less.
        _ = SetPriority(Process, 0, Math.Max(Nice, GetPriority(Process, 0)));
    }

    private const int Process = 0;

    // With 0 it is the calling thread, not the process: so Linux has it, other than POSIX.
    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int nice);

    [DllImport("libc", EntryPoint = "getpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetPriority(int which, uint who);
}
