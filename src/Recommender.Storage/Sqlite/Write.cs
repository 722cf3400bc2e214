namespace Recommender.Storage.Sqlite;

/// <summary>A change waiting for its turn in the writer's next transaction.</summary>
internal abstract class Write(int rows, CancellationToken cancellation)
{
    /// <summary>Roughly how many rows it touches; bounds the size of a transaction.</summary>
    public int Rows { get; } = rows;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Makes the change, inside a transaction. It may run again, after a transaction that failed for another's sake.</summary>
    public abstract void Apply(Connection connection);

    /// <summary>The change is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception reason);

    public abstract void Cancel();
}

internal sealed class Write<T>(Func<Connection, T> change, int rows, CancellationToken cancellation) : Write(rows, cancellation)
{
    // Callers go on elsewhere: the writer's thread only writes.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Apply(Connection connection) => _result = change(connection);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception reason) => _done.TrySetException(reason);

    public override void Cancel() => _done.TrySetCanceled(Cancellation);
}
