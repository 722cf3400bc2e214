using System.Collections.Concurrent;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// The connections that read. In WAL mode they neither wait for the writer nor hold it up, and each read sees everything acknowledged before it.
/// </summary>
internal sealed class Readers(string file) : IDisposable
{
    private readonly ConcurrentBag<Connection> _idle = [];
    private volatile bool _closed;

    /// <summary>
    /// A short, indexed read, done on the caller's thread: SQLite has no asynchronous reads, and handing microseconds to another thread costs more
    /// than they do.
    /// </summary>
    public T Read<T>(Func<Connection, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteShopStore));
        Connection connection = _idle.TryTake(out Connection? idle) ? idle : Open();
        try
        {
            return read(connection);
        }
        finally
        {
            GiveBack(connection);
        }
    }

    /// <summary>A read that may take milliseconds or more: off the caller's thread, and interrupted when cancelled.</summary>
    public Task<T> ScanAsync<T>(Func<Connection, T> read, CancellationToken cancellation) => FolderArchive.HereAsync(
        () => Read(connection =>
        {
            using CancellationTokenRegistration interrupting = cancellation.UnsafeRegister(static open => ((Connection)open!).Interrupt(), connection);
            return read(connection);
        }, cancellation),
        cancellation);

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out Connection? connection)) connection.Dispose();
    }

    private Connection Open()
    {
        Connection connection = Connection.Open(file);
        connection.SetPragma("query_only", 1);
        return connection;
    }

    private void GiveBack(Connection connection)
    {
        _idle.Add(connection);
        // A read that was under way when the store closed brings its connection back to nobody.
        if (_closed) Dispose();
    }
}
