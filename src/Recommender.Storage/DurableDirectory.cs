using System.Runtime.InteropServices;

namespace Recommender.Storage;

/// <summary>
/// Makes what was created or renamed in a directory survive a power failure. The runtime opens no directories, so this asks the C
/// library; Windows keeps its directories by itself.
/// </summary>
public static class DurableDirectory
{
    private const int ReadOnly = 0;

    /// <summary>Makes a folder where it is missing. A new one survives only if the one it stands in is flushed, too.</summary>
    public static void Make(string folder)
    {
        if (Directory.Exists(folder)) return;
        string? parent = Path.GetDirectoryName(folder);
        if (parent is not null) Make(parent);
        Directory.CreateDirectory(folder);
        if (parent is not null) Flush(parent);
    }

    /// <exception cref="IOException">The directory cannot be opened or flushed.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0) throw new IOException($"Cannot open the directory '{path}': {Marshal.GetLastPInvokeErrorMessage()}.");
        try
        {
            if (FileSync(descriptor) != 0) throw new IOException($"Cannot flush the directory '{path}': {Marshal.GetLastPInvokeErrorMessage()}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
