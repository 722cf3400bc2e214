using System.Globalization;
using System.Runtime.InteropServices;

namespace Recommender.Cli.Load;

/// <summary>CPU time of another process of this machine, to the nanosecond, where the system tells it: on Linux.</summary>
internal sealed class ProcessCpu
{
    // How Linux makes the CPU clock of a process out of its id: see clock_getcpuclockid(3).
    private const int ScheduledTime = 2;
    private static readonly string[] _tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private readonly int _clock;

    private ProcessCpu(int pid) => (Pid, _clock) = (pid, (~pid << 3) | ScheduledTime);

    public int Pid { get; }

    /// <summary>Null where the system does not tell.</summary>
    public static ProcessCpu? Of(int pid)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return null;
        var cpu = new ProcessCpu(pid);
        return cpu.Read() is null ? null : cpu;
    }

    /// <summary>The process that listens on a port of this machine; null where it cannot be found, such as another user's.</summary>
    public static ProcessCpu? ListeningOn(int port)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var sockets = _tables.Where(File.Exists).SelectMany(File.ReadLines).Select(line => ListeningSocket(line, port)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (sockets.Count == 0) return null;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int pid) && Holds(folder, sockets)) return Of(pid);
        }
        return null;
    }

    /// <summary>Since the process began; null when it has ended.</summary>
    public TimeSpan? Read() => GetTime(_clock, out var time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1e3) : null;

    /// <summary>The socket of a line of /proc/net/tcp, if it listens on the port.</summary>
    internal static string? ListeningSocket(string line, int port)
    {
        const string Listening = "0A";
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal) ? $"socket:[{fields[9]}]" : null;
    }

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(folder, "fd")).Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false) is { } target
                && sockets.Contains(Path.GetFileName(target.FullName)));
        }
        // Somebody else's, or gone meanwhile: not the one, as far as can be told.
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException) { return false; }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);
}
