using System.Threading.Channels;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// The one thread that writes, with group commit: whatever waits when a transaction ends goes into the next one together, so that one fsync
/// acknowledges many callers. First come, first written.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    // Callers beyond this many wait before they queue: a flood costs its senders time, not the server memory.
    private const int LongestQueue = 4096;

    // Bounds how long a small write waits behind large ones.
    private const int MostRowsTogether = 16_384;

    private readonly Connection _connection;
    private readonly Channel<Write> _queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Writer(Connection connection) => _connection = connection;

    /// <summary>Starts a writer that owns the connection.</summary>
    public static Writer Start(Connection connection)
    {
        var writer = new Writer(connection);
        // A thread of its own: it spends its life inside fsync, where a pool thread would be missing elsewhere.
        new Thread(writer.Run) { Name = "sqlite writer", IsBackground = true }.Start();
        return writer;
    }

    /// <summary>
    /// Queues a change and returns when it is on disk. Cancelling frees the caller at once; the change is then made wholly or not at all.
    /// </summary>
    public async Task<T> WriteAsync<T>(int rows, Func<Connection, T> change, CancellationToken cancellation)
    {
        var write = new Write<T>(change, rows, cancellation);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("The store is closed.", closed);
        }
        return await write.Done.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopped.Task;
    }

    private void Run()
    {
        var group = new List<Write>();
        while (Take(group))
        {
            Commit(group);
            if (group.Count > 1) LetOthersQueue();
            group.Clear();
        }
        _connection.Dispose();
        _stopped.SetResult();
    }

    /// <summary>
    /// The callers just acknowledged are about to send their next writes. Leaving them the processor while they do nearly doubles the group that
    /// shares the next fsync; a lone caller is not made to wait.
    /// </summary>
    private void LetOthersQueue()
    {
        int waiting;
        do
        {
            waiting = _queue.Reader.Count;
            Thread.Yield();
        }
        while (_queue.Reader.Count > waiting);
    }

    private bool Take(List<Write> group)
    {
        int rows = 0;
        do
        {
            while (rows < MostRowsTogether && _queue.Reader.TryRead(out Write? write))
            {
                if (write.Cancellation.IsCancellationRequested)
                {
                    write.Cancel();
                    continue;
                }
                group.Add(write);
                rows += write.Rows;
            }
        }
        while (group.Count == 0 && _queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult());
        return group.Count > 0;
    }

    /// <summary>All together; if that fails, each alone, so that nobody fails for a neighbour's sake.</summary>
    private void Commit(List<Write> group)
    {
        Exception? failure = TryCommit(group);
        foreach (Write write in group)
        {
            Exception? reason = failure is null || group.Count == 1 ? failure : TryCommit([write]);
            if (reason is null) write.Complete();
            else write.Fail(reason);
        }
    }

    private Exception? TryCommit(List<Write> group)
    {
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (Write write in group) write.Apply(_connection);
            Execute("COMMIT");
            return null;
        }
#pragma warning disable CA1031 // Whatever it is belongs to the caller who waits for this write, not to the thread that serves everybody.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return TryRollBack() ?? failure;
        }
    }

    /// <summary>SQLite has rolled back by itself after some failures (a full disk).</summary>
    private StoreException? TryRollBack()
    {
        try
        {
            if (_connection.InTransaction) Execute("ROLLBACK");
            return null;
        }
        catch (StoreException failure)
        {
            return failure;
        }
    }

    private void Execute(string sql)
    {
        using Statement statement = _connection.Use(sql);
        statement.Run();
    }
}
