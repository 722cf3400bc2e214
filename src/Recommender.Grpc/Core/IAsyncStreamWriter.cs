namespace Grpc.Core;

/// <summary>A stream of messages to the other side. One write at a time: a write ends when the transport has room for the next.</summary>
public interface IAsyncStreamWriter<in T>
{
    WriteOptions? WriteOptions { get; set; }
    Task WriteAsync(T message);

    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
            throw new NotSupportedException("This writer takes no cancellation token.");
#pragma warning disable MA0040 // This is the overload with a token.
        return WriteAsync(message);
#pragma warning restore MA0040
    }
}

public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    Task CompleteAsync();
}

[Flags]
public enum WriteFlags
{
    /// <summary>More follows at once: the message may wait for the next one before it is sent.</summary>
    BufferHint = 1,
    NoCompress = 2,
}

public class WriteOptions(WriteFlags flags = default)
{
    public static readonly WriteOptions Default = new();
    public WriteFlags Flags { get; } = flags;
}
