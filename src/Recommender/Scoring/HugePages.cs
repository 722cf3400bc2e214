using System.Runtime.InteropServices;

namespace Recommender.Scoring;

/// <summary>
/// Large memory in pages of 2 MB instead of 4 kB, where Linux gives them to who asks: a scan that jumps through 64 MB of codes otherwise
/// waits for the addresses of its pages.
/// </summary>
internal static unsafe class HugePages
{
    private const nuint Page = 2 << 20;

    // MADV_HUGEPAGE of Linux.
    private const int Advice = 14;

    /// <summary>Asks for the whole pages of memory that nothing was written to yet.</summary>
    public static void Ask(void* from, long bytes)
    {
        nuint first = ((nuint)from + Page - 1) & ~(Page - 1), end = ((nuint)from + (nuint)bytes) & ~(Page - 1);
        if (first >= end || !OperatingSystem.IsLinux()) return;
        // A system that refuses leaves the pages as they are, which is only slower.
        _ = Advise((void*)first, end - first, Advice);
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(void* from, nuint bytes, int advice);
}
