using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Recommender.Interactions;

namespace Recommender.Server.Contacts;

/// <summary>Reads, behind the answers, what other servers showed to people who are active here. When it cannot keep up, it is read a little later.</summary>
internal sealed partial class ShownElsewhere : IAsyncDisposable
{
    private const int LongestQueue = 1024;

    private readonly Channel<Person> _queue = Channel.CreateBounded<Person>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource _closing = new();
    private readonly Shop _shop;
    private readonly ILogger _logger;
    private readonly Task _reading;

    public ShownElsewhere(Shop shop, ILogger logger)
    {
        (_shop, _logger) = (shop, logger);
        _reading = Task.Run(ReadAsync, CancellationToken.None);
    }

    public void Read(Person person) => _queue.Writer.TryWrite(person);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync();
        await _reading;
        _closing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var person in _queue.Reader.ReadAllAsync(_closing.Token))
            {
                try { await _shop.Exposures.RefreshAsync(person, _closing.Token); }
                // Whatever it is: the next person's is read all the same.
                catch (Exception problem) when (problem is not OperationCanceledException || !_closing.IsCancellationRequested) { Log.NotRead(_logger, problem.Message); }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested) { }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "What other servers showed could not be read: {Problem}")]
        public static partial void NotRead(ILogger logger, string problem);
    }
}
