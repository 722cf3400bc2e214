namespace Recommender.Storage.Sqlite;

/// <summary>
/// Where deleted rows live on, and how they are got rid of. SQLite overwrites them in place (secure_delete), but the log beside the database still
/// has the pages as they were, and pages that were split before have copies of rows in their free space, which only a rewriting of the file removes.
/// </summary>
internal sealed class DeletedBytes(string file)
{
    // A reader in the middle of a page keeps the log from being emptied for moments; the writer, who waits as well, is not held up for longer.
    private const int LongestWait = 500; // ms

    /// <summary>Notes, inside the transaction that deletes, that the file is to be rewritten.</summary>
    public static void OweRewriting(Connection connection)
    {
        using Statement owe = connection.Use("INSERT INTO rewriting (owed) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM rewriting)");
        owe.Run();
    }

    /// <summary>Brings the log home and cuts it to nothing. If others keep it busy it stays for the next checkpoint.</summary>
    public Task EmptyLogAsync() => Task.Run(() =>
    {
        using Connection connection = Connection.Open(file);
        connection.SetPragma("busy_timeout", LongestWait);
        using Statement checkpoint = connection.Use("PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoint.Run();
    });

    /// <summary>
    /// Rewrites a file that nobody uses, if that is owed: about a second a million events. It happens at closing because it would hold up every
    /// writer, and an opening that takes long may be killed again and again. A killed rewriting changes nothing.
    /// </summary>
    public void RewriteIfOwed()
    {
        try
        {
            using Connection connection = SqliteShopStore.OpenForWriting(file, Migrations.All);
            if (!IsRewritingOwed(connection)) return;
            connection.Execute("VACUUM");
            connection.Execute("DELETE FROM rewriting");
        }
        catch (StoreFullException)
        {
            // It needs room for a second file. It stays owed to the next closing; what was acknowledged is on disk all the same.
        }
    }

    private static bool IsRewritingOwed(Connection connection)
    {
        using Statement owed = connection.Use("SELECT 1 FROM rewriting");
        return owed.Step();
    }
}
