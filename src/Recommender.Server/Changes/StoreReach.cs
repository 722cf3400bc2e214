using Microsoft.Extensions.Logging;
using Recommender.Storage;

namespace Recommender.Server.Changes;

/// <summary>
/// Whether a store across a network answers, asked for once a second: warm customers are answered without it, so that nobody else would notice in time
/// that what this server knows grows old.
/// </summary>
internal sealed partial class StoreReach(IShopStore store, Tenant tenant, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _closing = new();
    private Task _asking = Task.CompletedTask;
    private volatile bool _lost;

    // What failed the last time and was no answer; told once, not every second.
    private string? _puzzle;

    public bool IsLost => _lost;

    /// <summary>Is told when it is lost (true) and found again.</summary>
    public Action<bool>? Changed { get; set; }

    public void Start()
    {
        if (store.IsShared) _asking = Task.Run(AskAsync, CancellationToken.None);
    }

    /// <exception cref="StoreUnavailableException">It is known not to answer: nobody is made to wait for what will not come.</exception>
    public void ThrowIfLost()
    {
        if (_lost) throw new StoreUnavailableException("the store cannot be reached; try again later", null);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _asking;
        _closing.Dispose();
    }

    private async Task AskAsync()
    {
        try
        {
            while (true)
            {
                await LookAsync();
                await Task.Delay(_pause, time, _closing.Token);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested) { }
    }

    private async Task LookAsync()
    {
        try
        {
            Say(await ProblemAsync());
            _puzzle = null;
        }
        // Whatever it is: a server that no longer asks would not notice a store that is lost, or found.
        catch (Exception puzzle) when (puzzle is not OperationCanceledException || !_closing.IsCancellationRequested)
        {
            if (_puzzle != puzzle.Message) Log.Puzzled(logger, puzzle);
            _puzzle = puzzle.Message;
        }
    }

    private async Task<string?> ProblemAsync()
    {
        using (StoreDeadline.Use(time.GetUtcNow() + _patience))
        {
            try
            {
                await store.Settings.FindAsync(tenant, Questionnaires.SessionIds.SecretSetting, _closing.Token);
                return null;
            }
            catch (Exception problem) when (problem is StoreUnavailableException or StoreTimeoutException) { return problem.Message; }
            // It answered, if only to complain: whoever needs what it complains about will hear it.
            catch (StoreException) { return null; }
        }
    }

    private void Say(string? problem)
    {
        if (_lost == problem is not null) return;
        _lost = problem is not null;
        if (problem is not null) Log.Lost(logger, problem);
        else Log.Found(logger);
        Changed?.Invoke(_lost);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 510, Level = LogLevel.Error, Message = "The store cannot be reached: {Problem}. Who is known here is answered by what was known")]
        public static partial void Lost(ILogger logger, string problem);

        [LoggerMessage(EventId = 511, Level = LogLevel.Warning, Message = "The store answers again")]
        public static partial void Found(ILogger logger);

        [LoggerMessage(EventId = 512, Level = LogLevel.Error, Message = "Whether the store can be reached could not be told; it is asked again every second")]
        public static partial void Puzzled(ILogger logger, Exception problem);
    }
}
