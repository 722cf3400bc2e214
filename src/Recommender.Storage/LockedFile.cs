namespace Recommender.Storage;

/// <summary>A file that one process at a time has open. The operating system holds the lock, so that even kill -9 releases it.</summary>
internal static class LockedFile
{
    private const int SharingViolation = unchecked((int)0x80070020); // Windows
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;

    /// <exception cref="IOException">It cannot be opened; if <see cref="IsTaken"/>, because somebody has it.</exception>
    public static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    public static bool IsTaken(IOException failure) => failure.HResult is SharingViolation or WouldBlockOnLinux or WouldBlockOnMac;
}
