using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Recommender.Grpc.Server;

internal sealed partial class ServerCall
{
    private static readonly Status _pastDeadline = new(StatusCode.DeadlineExceeded, "The deadline has passed.");

    /// <summary>Sees the handler through to its end or to the deadline, and sends the status: the one place that decides it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a handler throws becomes the call's status, here and nowhere else.")]
    public async Task RunAsync(Func<ServerCall, Task> serve)
    {
        var handler = Task.CompletedTask;
        bool leftBehind = false;
        try
        {
            handler = serve(this);
            leftBehind = _deadline is not null && !handler.IsCompleted && await IsPastDeadline(handler).ConfigureAwait(false);
            if (leftBehind)
            {
                StatusCore = _pastDeadline;
            }
            else
            {
                await handler.ConfigureAwait(false);
                if (_deadline?.HasPassed == true && !Http.Response.HasStarted)
                    StatusCore = _pastDeadline;
            }
        }
        catch (Exception e)
        {
            StatusCore = ToStatus(e);
        }
        End();
        if (leftBehind)
            await AnswerWithout(handler).ConfigureAwait(false);
        _deadline?.Dispose();
    }

    /// <summary>Writes the single response; it leaves together with the trailers.</summary>
    public void Respond<T>(T response, Action<T, SerializationContext> serialize) where T : class
    {
        if (response is null)
            throw new RpcException(new Status(StatusCode.Cancelled, "The handler returned no message."));
        if (StatusCore.StatusCode == StatusCode.OK && !CancellationTokenCore.IsCancellationRequested)
            Write(response, serialize, options: null);
    }

    /// <summary>Writes one message of a stream, and waits until the transport has room for the next.</summary>
    public ValueTask<FlushResult> WriteAsync<T>(
        T message, Action<T, SerializationContext> serialize, WriteOptions? options, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Write(message, serialize, options);
            bool more = (options ?? WriteOptionsCore)?.Flags.HasFlag(WriteFlags.BufferHint) == true;
            return more ? default : Http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        lock (_gate)
        {
            if (_headersSent || Http.Response.HasStarted)
                throw new InvalidOperationException("Response headers are sent already: they go once, before the first message.");
            _headersSent = true;
            foreach (var entry in responseHeaders)
                Http.Response.Headers.Append(entry.Key, entry.WireValue);
            return Http.Response.BodyWriter.FlushAsync(CancellationTokenCore).AsTask();
        }
    }

    private void Write<T>(T message, Action<T, SerializationContext> serialize, WriteOptions? options)
    {
        lock (_gate)
        {
            if (_ended)
                throw new InvalidOperationException("The call has ended; no message can be written any more.");
            bool plain = (options ?? WriteOptionsCore)?.Flags.HasFlag(WriteFlags.NoCompress) == true;
            _writer.Write(message, serialize, plain ? null : _compression);
            _hasMessages = true;
        }
    }

    private async ValueTask<bool> IsPastDeadline(Task handler)
    {
        await Task.WhenAny(handler, _deadline!.Reached).ConfigureAwait(false);
        return !handler.IsCompleted && _deadline.HasPassed;
    }

    /// <summary>Sends the answer at the deadline, then waits for the handler, whose services live until it ends.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The caller has its answer; what comes later can only be logged.")]
    private async Task AnswerWithout(Task handler)
    {
        try
        {
            await Http.Response.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.CouldNotAnswerAtDeadline(_logger, _method.FullName, e);
        }
        try
        {
            await handler.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.FailedAfterDeadline(_logger, _method.FullName, e);
        }
    }

    private Status ToStatus(Exception e)
    {
        if (_deadline?.HasPassed == true)
            return _pastDeadline;
        if (e is RpcException failure)
        {
            // A handler may throw with the very trailers of its call.
            if (!ReferenceEquals(failure.Trailers, ResponseTrailersCore))
            {
                foreach (var trailer in failure.Trailers)
                    ResponseTrailersCore.Add(trailer);
            }
            Log.Failed(_logger, _method.FullName, failure.StatusCode, failure.Status.Detail);
            return failure.Status;
        }
        if (Http.RequestAborted.IsCancellationRequested)
            return Status.DefaultCancelled;
        Log.Threw(_logger, _method.FullName, e);
        if (e is BadHttpRequestException or IOException)
            return new Status(StatusCode.Unavailable, "The request was cut off.");
        return new Status(StatusCode.Unknown, _options.EnableDetailedErrors == true
            ? $"The handler threw {e.GetType().Name}: {e.Message}"
            : "The handler failed.");
    }

    private void End()
    {
        lock (_gate)
        {
            _ended = true;
            var activity = Activity.Current;
            activity?.SetTag("grpc.method", _method.FullName);
            activity?.SetTag("grpc.status_code", ((int)StatusCore.StatusCode).ToString(CultureInfo.InvariantCulture));
            ResponseStatus.Send(Http, StatusCore, _trailers, _hasMessages);
        }
    }
}
