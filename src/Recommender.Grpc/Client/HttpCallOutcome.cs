using Grpc.Core;

namespace Recommender.Grpc.Client;

internal sealed partial class HttpCall<TRequest, TResponse>
{
    // Deadlines are promises to another machine: they run on the real clock.
    private static readonly TimeProvider _clock = TimeProvider.System;
    private static readonly TimeSpan _longestTimer = TimeSpan.FromMilliseconds(int.MaxValue - 1);

    private Status? _status;
    private Metadata? _trailers;
    private bool _deadlinePassed, _disposed;

    public bool IsFinished
    {
        get
        {
            lock (_gate)
                return _status is not null;
        }
    }

    private TimeSpan? TimeLeft => _options.Deadline is { } deadline && deadline != DateTime.MaxValue
        ? deadline.ToUniversalTime() - _clock.GetUtcNow().UtcDateTime
        : null;

    public override Status GetStatus()
    {
        lock (_gate)
            return _status ?? throw new InvalidOperationException("The call has no status before it has ended.");
    }

    public override Metadata GetTrailers()
    {
        lock (_gate)
        {
            if (_status is null)
                throw new InvalidOperationException("The call has no trailers before it has ended.");
            return _trailers ?? Metadata.Empty;
        }
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _status ??= new Status(StatusCode.Cancelled, "The call was disposed before it had ended.");
        }
        Abort();
        Close();
    }

    public void Abort() => _cancel.Cancel();

    /// <summary>The exception of a call that failed, with the status it has or is given now.</summary>
    public RpcException Failure(Status? ending = null)
    {
        lock (_gate)
        {
            _status ??= ending;
            return new RpcException(_status!.Value, _trailers ?? Metadata.Empty);
        }
    }

    /// <summary>What a failed write says: the server's answer, if it has one, is why it takes no more.</summary>
    public async Task<RpcException> WriteFailureAsync(Exception e)
    {
        if (!IsFinished && _sending is { IsCompletedSuccessfully: true } sent)
        {
            var response = await sent.ConfigureAwait(false);
            if (ResponseStatus.IsIn(response.Headers))
                Finish();
        }
        return IsFinished ? Failure() : new RpcException(ToStatus(e));
    }

    private Status Finish()
    {
        lock (_gate)
        {
            if (_status is { } known)
                return known;
            var headers = ResponseStatus.IsIn(_response!.Headers) ? _response.Headers : _response.TrailingHeaders;
            _trailers = ResponseStatus.ReadMetadata(headers);
            var status = ResponseStatus.Read(headers);
            // The server may have learnt of the deadline as a cancellation.
            if (_deadlinePassed && status.StatusCode == StatusCode.Cancelled)
                status = PastDeadline(status.DebugException);
            _status = status;
            return status;
        }
    }

    private Status ToStatus(Exception e)
    {
        lock (_gate)
        {
            if (_status is { } known)
                return known;
        }
        // The clock counts too: the server's reset at the deadline may come before our own timer.
        if (_deadlinePassed || (e is not RpcException && TimeLeft <= TimeSpan.Zero))
            return PastDeadline(e);
        if (_cancel.IsCancellationRequested)
            return new Status(StatusCode.Cancelled, "The call was cancelled by its caller.", e);
        return e is RpcException failure ? failure.Status : TransportFailure.ToStatus(e);
    }

    private static Status PastDeadline(Exception? e) => new(StatusCode.DeadlineExceeded, "The deadline has passed.", e);

    private ITimer? StartDeadline()
    {
        if (TimeLeft is not { } left)
            return null;
        if (left <= TimeSpan.Zero)
        {
            PassDeadline();
            return null;
        }
        return _clock.CreateTimer(
            static call => ((HttpCall<TRequest, TResponse>)call!).PassDeadline(),
            this,
            left < _longestTimer ? left : _longestTimer,
            Timeout.InfiniteTimeSpan);
    }

    private void PassDeadline()
    {
        _deadlinePassed = true;
        Abort();
    }

    private void Close()
    {
        _deadline?.Dispose();
        _onCallerCancel.Dispose();
        _response?.Dispose();
        _requests?.Stop();
    }
}
