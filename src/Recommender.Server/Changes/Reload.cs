using Microsoft.Extensions.Logging;

namespace Recommender.Server.Changes;

/// <summary>
/// Reads something anew as often as it is asked for, once at a time: what is asked for during a reading is read after it. A failure is logged and
/// tried again until it succeeds.
/// </summary>
internal sealed partial class Reload(string what, Func<CancellationToken, Task> read, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private bool _asked;
    private Task _running = Task.CompletedTask;

    public void Ask()
    {
        lock (_gate)
        {
            if (_closing.IsCancellationRequested) return;
            _asked = true;
            if (!_running.IsCompleted) return;
            // Whoever asks may be in the middle of a call with a deadline; what is read anew is everybody's.
            using (ExecutionContext.SuppressFlow()) _running = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>Returns when nothing is left to read.</summary>
    public Task SettledAsync()
    {
        lock (_gate) return _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await SettledAsync();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = _firstPause;
        while (true)
        {
            lock (_gate)
            {
                if (!_asked)
                {
                    _running = Task.CompletedTask;
                    return;
                }
                _asked = false;
            }
            try
            {
                await read(_closing.Token);
                pause = _firstPause;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested) { return; }
            // Whatever it is: until it is read, the server goes by what it knew.
            catch (Exception problem) when (problem is not OperationCanceledException || !_closing.IsCancellationRequested)
            {
                Log.Failed(logger, what, problem.Message);
                lock (_gate) _asked = true;
                try { await Task.Delay(pause, time, _closing.Token); }
                catch (OperationCanceledException) { return; }
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _longestPause.Ticks));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 500, Level = LogLevel.Warning, Message = "{What} changed elsewhere and could not be read: {Problem}; it is tried again")]
        public static partial void Failed(ILogger logger, string what, string problem);
    }
}
