using System.Net;
using Grpc.Core;
using Recommender.Grpc.Wire;

namespace Recommender.Grpc.Client;

/// <summary>The content of a request with a stream of messages: what the caller writes goes into the HTTP request as it comes.</summary>
internal sealed class ClientRequestStream<TRequest, TResponse>(HttpCall<TRequest, TResponse> call)
    : HttpContent, IClientStreamWriter<TRequest>
    where TRequest : class where TResponse : class
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writing;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_completed.Task.IsCompleted)
            throw call.IsFinished ? call.Failure() : new InvalidOperationException("The request stream is completed already.");
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            throw new InvalidOperationException("The previous message is still being written: await it first.");
        await using var registration = cancellationToken.UnsafeRegister(
            static state => ((HttpCall<TRequest, TResponse>)state!).Abort(), call);
        try
        {
            await SendAsync(message).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not InvalidOperationException and not RpcException)
        {
            throw await call.WriteFailureAsync(e).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        _completed.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>The call has ended: writers that wait, and the HTTP request, wait no longer.</summary>
    public void Stop()
    {
        _completed.TrySetResult();
        _opened.TrySetCanceled(call.Cancelled);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, call.Cancelled);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The server may speak first: the request's headers go out before its first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _opened.TrySetResult(stream);
        await _completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task SendAsync(TRequest message)
    {
        var stream = await _opened.Task.WaitAsync(call.Cancelled).ConfigureAwait(false);
        var flags = WriteOptions?.Flags ?? default;
        using var buffer = new PooledBuffer();
        new MessageWriter(buffer, call.MaxSendMessageSize).Write(
            message, call.Serialize, flags.HasFlag(WriteFlags.NoCompress) ? null : call.RequestCompression);
        await stream.WriteAsync(buffer.Written, call.Cancelled).ConfigureAwait(false);
        if (!flags.HasFlag(WriteFlags.BufferHint))
            await stream.FlushAsync(call.Cancelled).ConfigureAwait(false);
    }
}
