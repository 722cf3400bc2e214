using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server.Ingest;
using Recommender.Server.Profiles;
using Recommender.Storage;

namespace Recommender.Server.Relationships;

/// <summary>
/// Keeps customers' stages in the store for the lists, behind the answers that changed them. What is not written before a crash, or when the
/// store cannot keep up, the next pass makes up for: everything follows from the events.
/// </summary>
internal sealed partial class KeptStages : IAsyncDisposable
{
    private const int LongestQueue = 65_536;
    private const int MostTogether = 256;

    // Longer than it takes to hear of what others record.
    private static readonly TimeSpan _lateness = TimeSpan.FromSeconds(10);

    private readonly Shop _shop;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Person, bool> _waiting = new();
    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });

    // Working out and writing are one step: of two who do it for one customer, the later one has seen at least as much.
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _keeping;
    private readonly TwoGenerations<Person, Moment> _lately = new(4096);
    private long _lost;

    public KeptStages(Shop shop, TimeProvider time, ILogger logger)
    {
        (_shop, _time, _logger) = (shop, time, logger);
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Something happened after which these people may stand elsewhere.</summary>
    public void Changed(Person person)
    {
        if (!_waiting.TryAdd(person, true) || _queue.Writer.TryWrite(new Work(person, null))) return;
        _waiting.TryRemove(person, out _);
        Interlocked.Increment(ref _lost);
    }

    /// <summary>Notes what was recorded, as far as it can move a stage or an indicator.</summary>
    public void Recorded(ShopEvent happened)
    {
        if (happened.Type is EventTypes.Purchase or EventTypes.Return or EventTypes.Answer or EventTypes.Undo or EventTypes.Complaint or EventTypes.Rating or EventTypes.Review)
            Changed(happened.Person);
    }

    /// <summary>
    /// Notes what another server recorded of somebody whose stage was written here a moment ago, perhaps without it: of two servers that wrote at once
    /// the one who comes last has then seen both.
    /// </summary>
    public void Heard(ShopEvent happened)
    {
        if (_lately.Find(happened.Person) is { } kept && _time.GetUtcNow() - kept.At < _lateness) Recorded(happened);
    }

    /// <summary>Returns when all that has changed until now is written: whoever lists stages then sees their own events.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try { await _queue.Writer.WriteAsync(new Work(null, written), cancellation); }
        catch (ChannelClosedException) { return; }
        await written.Task.WaitAsync(cancellation);
    }

    /// <summary>Works customers out from the log and writes them.</summary>
    /// <param name="map">All links that hold.</param>
    public Task KeepAsync(IReadOnlyList<string> customerIds, IdentityMap map, CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        // Nobody is remembered from one batch to the next: a pass over everybody must not push out those who are active.
        var circles = new CircleEvents(new Histories((person, stop) => _shop.Store.Events.ReadPersonAsync(_shop.Tenant, person, stop), mostPeople: 2), _shop.Identities);
        var kept = new List<CustomerHistory>(customerIds.Count);
        foreach (string customerId in customerIds)
        {
            var root = Person.Customer(customerId);
            var circle = new Circle(root, map.CircleOf(root), map);
            kept.Add(map.CustomersOf(root).Count > 0 ? Nobody(customerId) : await HistoryAsync(circle, await circles.OfAsync(circle, cancellation), cancellation));
        }
        await _shop.Store.LifeCycle.SaveAsync(_shop.Tenant, kept, cancellation);
    }, cancellation);

    /// <summary>Nothing is written meanwhile: what is erased stays so.</summary>
    public async Task ExclusivelyAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try { await work(); }
        finally { _writing.Release(); }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _keeping;
        _writing.Dispose();
    }

    private async Task KeepAsync()
    {
        var people = new HashSet<Person>(MostTogether);
        var written = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (people.Count < MostTogether && _queue.Reader.TryRead(out var work))
            {
                if (work.Written is { } waiting) written.Add(waiting);
                if (work.Person is not { } person) continue;
                // Taken off before it is worked out: what happens from here on is noted again.
                _waiting.TryRemove(person, out _);
                people.Add(person);
            }
            await SaveAsync(people);
            foreach (var waiting in written) waiting.SetResult();
            people.Clear();
            written.Clear();
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and long lost) Log.Lost(_logger, lost);
        }
    }

    private async Task SaveAsync(HashSet<Person> people)
    {
        if (people.Count == 0) return;
        try
        {
            await ExclusivelyAsync(async () =>
            {
                var kept = new Dictionary<string, CustomerHistory>(StringComparer.Ordinal);
                foreach (var person in people)
                {
                    var circle = await _shop.Identities.OfAsync(person, CancellationToken.None);
                    foreach (var one in circle.People) _lately.Hold(one).At = _time.GetUtcNow();
                    if (person != circle.Root && person.Kind == PersonKind.Customer) kept[person.Id] = Nobody(person.Id);
                    if (circle.Root.Kind == PersonKind.Customer)
                        kept[circle.Root.Id] = await HistoryAsync(circle, await _shop.Circles.OfAsync(circle, CancellationToken.None), CancellationToken.None);
                }
                if (kept.Count > 0) await _shop.Store.LifeCycle.SaveAsync(_shop.Tenant, [.. kept.Values], CancellationToken.None);
            }, CancellationToken.None);
        }
        // Whatever it is, it must not end the keeping for everybody else.
        catch (Exception problem) when (problem is not OperationCanceledException) { Log.NotKept(_logger, people.Count, problem); }
    }

    private async ValueTask<CustomerHistory> HistoryAsync(Circle circle, IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        if (_shop.Erased.Contains(circle.Root)) return Nobody(circle.Root.Id);
        var rules = _shop.Relationships.Rules;
        var standing = await _shop.Relationships.WorkOutAsync(circle, events, cancellation);
        return CustomerSummary.HistoryOf(circle.Root.Id, standing, rules, _shop.Live.Now.Shelves);
    }

    private static CustomerHistory Nobody(string customerId) => new(customerId, null, []);

    private sealed class Moment
    {
        public DateTimeOffset At { get; set; }
    }

    private readonly record struct Work(Person? Person, TaskCompletionSource? Written);

    private static partial class Log
    {
        [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "{Count} customers' stages are not written yet: the store could not keep up; the next pass writes them")]
        public static partial void Lost(ILogger logger, long count);

        [LoggerMessage(EventId = 401, Level = LogLevel.Error, Message = "The stages of {Count} people could not be written; the next pass writes them")]
        public static partial void NotKept(ILogger logger, int count, Exception problem);
    }
}
