using Grpc.Core;

namespace Recommender.Grpc.Server;

internal sealed class ServerResponseStream<T>(ServerCall call, Action<T, SerializationContext> serialize) : IServerStreamWriter<T>
    where T : class
{
    private int _writing;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        call.CancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            throw new InvalidOperationException("The previous message is still being written: await it first.");
        try
        {
            using var either = CallToken.Combine(call.CancellationToken, cancellationToken);
            await call.WriteAsync(message, serialize, WriteOptions, either?.Token ?? call.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
