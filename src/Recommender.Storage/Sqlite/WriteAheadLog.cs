namespace Recommender.Storage.Sqlite;

/// <summary>
/// The file beside the database that holds the newest pages until a checkpoint brings them home, and so also pages as they were before something
/// was deleted from them.
/// </summary>
internal sealed class WriteAheadLog(string file)
{
    // A reader in the middle of a page keeps the log from being emptied for moments; the writer, who waits as well, is not held up for longer.
    private const int LongestWait = 500; // ms

    /// <summary>
    /// Brings everything home and cuts the log to nothing, so that what was deleted is in neither file. If others keep it busy it stays for the
    /// next checkpoint.
    /// </summary>
    public Task EmptyAsync() => Task.Run(() =>
    {
        using Connection connection = Connection.Open(file);
        connection.SetPragma("busy_timeout", LongestWait);
        using Statement checkpoint = connection.Use("PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoint.Run();
    });
}
