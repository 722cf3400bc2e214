using System.Runtime.InteropServices;

namespace Recommender.Cli.Load;

/// <summary>
/// Waits to within some microseconds without burning the core that the server needs. Linux wakes a thread by a high-resolution timer if it is told
/// not to put wake-ups together; elsewhere a sleep takes a millisecond or more, and the rest of the way is spun.
/// </summary>
internal static class PreciseRest
{
    private const int SetTimerSlack = 29;
    private static readonly TimeSpan _coarse = TimeSpan.FromMilliseconds(2);
    private static readonly bool _hasFineTimer = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>For the thread that is going to rest, once.</summary>
    public static void PrepareThread()
    {
        if (_hasFineTimer) _ = SetThreadOption(SetTimerSlack, 1, 0, 0, 0);
    }

    public static void For(TimeSpan length)
    {
        if (_hasFineTimer)
        {
            // At most a tenth of a second at a time, so that whoever cancels need not wait.
            long nanoseconds = Math.Min((long)(length.TotalMilliseconds * 1e6), 100_000_000);
            var wanted = new TimeSpec(0, nanoseconds);
            // Cut short by a signal, it is called again for what is left.
            _ = NanoSleep(in wanted, nint.Zero);
        }
        else if (length > _coarse) Thread.Sleep(1);
        else Thread.SpinWait(20);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec wanted, nint left);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetThreadOption(int option, ulong value, ulong a, ulong b, ulong c);
}
