using SQLitePCL;

namespace Recommender.Storage.Sqlite;

/// <summary>The one place where SQLite's result codes become the store's exceptions.</summary>
internal static class SqliteFailure
{
    /// <param name="code">A primary or extended result code: the primary one is its low byte.</param>
    public static StoreException From(int code, string message, string file) => (code & 0xff) switch
    {
        raw.SQLITE_FULL => Full(file),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new StoreCorruptException(
            $"{file} is damaged or is not a shop's database ({message}). Restore it from a backup, or move it and the files {Path.GetFileName(file)}-wal "
            + "and -shm away to begin with an empty shop."),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StoreException(
            $"{file} is locked by a tool that has it open ({message}). End that tool's transaction and try again."),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM => new StoreException(
            $"{file} cannot be opened for writing ({message}). Give the user who runs this program the right to write to it and to its folder."),
        raw.SQLITE_IOERR when code == raw.SQLITE_IOERR_WRITE || code == raw.SQLITE_IOERR_SHMSIZE => Full(file),
        raw.SQLITE_IOERR => new StoreException(
            $"the disk failed under {file} ({message}, code {code}). Check the disk and its mount; what was acknowledged before is kept."),
        _ => new StoreException($"{file}: {message} (SQLite code {code})."),
    };

    private static StoreFullException Full(string file) => new(
        $"there is no room left for {file}, or its disk refuses to write. Nothing of this write was kept; free some space or mend the disk, and send it again.");
}
