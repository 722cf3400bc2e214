namespace Recommender.Grpc.Server;

/// <summary>A call's deadline: cancels the call's token when it passes, or when the request is aborted before.</summary>
internal sealed class ServerDeadline : IDisposable
{
    // Deadlines are promises to another machine: they run on the real clock.
    private static readonly TimeProvider _clock = TimeProvider.System;

    private readonly CancellationToken _requestAborted;
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _onAbort, _onCancel;

    public ServerDeadline(TimeSpan timeout, CancellationToken requestAborted)
    {
        At = _clock.GetUtcNow().UtcDateTime + timeout;
        _requestAborted = requestAborted;
        _onAbort = requestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancel);
        _onCancel = _cancel.Token.UnsafeRegister(static reached => ((TaskCompletionSource)reached!).TrySetResult(), _reached);
        if (timeout > TimeSpan.Zero)
            _cancel.CancelAfter(timeout);
        else
            _cancel.Cancel();
    }

    public DateTime At { get; }
    public CancellationToken Token => _cancel.Token;

    /// <summary>Ends when the deadline passes or the request is aborted.</summary>
    public Task Reached => _reached.Task;

    // The clock counts too: on a busy machine the timer may come late.
    public bool HasPassed => !_requestAborted.IsCancellationRequested
        && (_cancel.IsCancellationRequested || _clock.GetUtcNow().UtcDateTime >= At);

    public void Dispose()
    {
        _onAbort.Dispose();
        _onCancel.Dispose();
        _cancel.Dispose();
    }
}
