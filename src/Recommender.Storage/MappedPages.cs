using System.Runtime.InteropServices;

namespace Recommender.Storage;

/// <summary>Mapped files whose pages are asked for together, where a page at a time would be a fault each.</summary>
internal static unsafe class MappedPages
{
    // MADV_POPULATE_READ of Linux 5.14 and later.
    private const int PopulateRead = 22;

    /// <summary>
    /// Brings a part into memory that begins with a page. False where it cannot be had, or not in this way: reading the file says which.
    /// </summary>
    public static bool TryPopulate(byte* from, long length) => OperatingSystem.IsLinux() && Advise(from, (nuint)length, PopulateRead) == 0;

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(byte* from, nuint length, int advice);
}
