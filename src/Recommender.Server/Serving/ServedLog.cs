using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Server.Profiles;
using Recommender.Server.Training;
using Recommender.Storage;

namespace Recommender.Server.Serving;

/// <summary>
/// Remembers what was answered without making the answer wait: records are written behind it in batches. When the store cannot keep up,
/// the newest are not remembered, and the log says how many: an answer is worth more than its record.
/// </summary>
public sealed partial class ServedLog : IAsyncDisposable
{
    private const int LongestQueue = 16_384;
    private const int MostTogether = 128;

    // Together they share pages of the indices and an fsync; one by one, writing an answer down costs more than finding it.
    // Not longer: what waits outlives the collections of garbage meanwhile, and all requests wait while these move it.
    private static readonly TimeSpan _gathering = TimeSpan.FromMilliseconds(40);

    private static readonly TimeSpan _kept = TimeSpan.FromDays(30);
    private static readonly TimeSpan _forgettingEvery = TimeSpan.FromHours(1);

    private readonly IRecommendationLog _log;
    private readonly Tenant _tenant;
    private readonly ErasedPeople _erased;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Who writes may lose its core at any moment, and should hold as little as it can of what requests need: many locks here, and below
    // none to take something out. What is left is the lock of its tasks (BackgroundThreads), for an instant each: a request takes it where
    // the writer waits for one.
    private readonly ConcurrentDictionary<string, ServedRecommendation> _waiting =
        new(concurrencyLevel: 64, capacity: 1024, StringComparer.Ordinal);

    private readonly Channel<ServedRecommendation> _queue =
        Channel.CreateUnbounded<ServedRecommendation>(new UnboundedChannelOptions { SingleReader = true });

    // Who forgets sees an answer either waiting or written, never between the two.
    private readonly SemaphoreSlim _saving = new(1);
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private int _queued;
    private long _lost;

    internal ServedLog(IRecommendationLog log, Tenant tenant, ErasedPeople erased, TimeProvider time, ILogger logger)
    {
        (_log, _tenant, _erased, _time, _logger) = (log, tenant, erased, time, logger);
        // Nobody waits for it, and a burst of it on a thread like theirs is what the slowest requests would wait for.
        _writing = Task.Factory.StartNew(
            WriteAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, new BackgroundThreads(1)).Unwrap();
    }

    internal void Remember(ServedRecommendation served)
    {
        _waiting[served.RecommendationId] = served;
        if (Interlocked.Increment(ref _queued) <= LongestQueue && _queue.Writer.TryWrite(served)) return;
        Interlocked.Decrement(ref _queued);
        _waiting.TryRemove(served.RecommendationId, out _);
        Interlocked.Increment(ref _lost);
    }

    /// <summary>
    /// Remembers many answers before they are given: on disk when it returns. It neither waits behind what is answered to single people nor takes its room.
    /// </summary>
    /// <exception cref="StoreException">None of them is remembered, or only some.</exception>
    internal async Task RememberAsync(IReadOnlyList<ServedRecommendation> served, CancellationToken cancellation)
    {
        foreach (var together in served.Chunk(MostTogether))
        {
            await _saving.WaitAsync(cancellation);
            try
            {
                ServedRecommendation[] kept = [.. together.Where(one => !(one.Person is { } person && _erased.Contains(person)))];
                if (kept.Length > 0) await _log.AppendAsync(_tenant, kept, CancellationToken.None);
            }
            finally { _saving.Release(); }
        }
    }

    /// <summary>What was answered under an id, also in the moment before it is written.</summary>
    public async Task<ServedRecommendation?> FindAsync(string recommendationId, CancellationToken cancellation) =>
        _waiting.GetValueOrDefault(recommendationId) ?? await _log.FindAsync(_tenant, recommendationId, cancellation);

    /// <summary>What a person was shown since a moment, newest first, also what is not written yet.</summary>
    internal async Task<IReadOnlyList<ServedRecommendation>> ShownToAsync(Person person, DateTimeOffset since, int most, CancellationToken cancellation)
    {
        // What waits is looked at first: what is written in between is then seen twice, not never.
        var waiting = WaitingFor(person, since);
        var written = await _log.ReadPersonAsync(_tenant, person, since, most, cancellation);
        return [.. waiting.Concat(written).DistinctBy(served => served.RecommendationId).OrderByDescending(served => served.ServedAt).Take(most)];
    }

    /// <summary>What a person was shown and is not written yet; of the erased nothing, since it never will be.</summary>
    internal ServedRecommendation[] WaitingFor(Person person, DateTimeOffset since)
    {
        List<ServedRecommendation>? found = null;
        // The dictionary itself, not its Values: those are a copy made under all of its locks.
        foreach (var (_, served) in _waiting)
        {
            if (served.Person == person && served.ServedAt >= since && !_erased.Contains(person)) (found ??= []).Add(served);
        }
        return found is null ? [] : [.. found];
    }

    /// <summary>
    /// Forgets some of what these people were shown, written or not; how much. When it returns, nothing is being written any more of whoever was
    /// marked as erased before it was called.
    /// </summary>
    internal async Task<long> ForgetAsync(IReadOnlyList<Person> people, Func<ServedRecommendation, bool> which, CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation);
        try
        {
            long forgotten = 0;
            foreach (var person in people)
            {
                var shown = await ShownToAsync(person, DateTimeOffset.MinValue, int.MaxValue, cancellation);
                string[] ids = [.. shown.Where(which).Select(served => served.RecommendationId)];
                forgotten += ids.Count(id => _waiting.TryRemove(id, out _));
                forgotten += await _log.ForgetAsync(_tenant, ids, cancellation);
            }
            return forgotten;
        }
        finally { _saving.Release(); }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _closing.TrySetResult();
        await _writing;
        _saving.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<ServedRecommendation>(MostTogether);
        var forgetAt = _time.GetUtcNow();
        bool behind = false;
        while (await _queue.Reader.WaitToReadAsync())
        {
            // The machine's own clock: what is gathered is no matter of the shop's time.
            if (!behind) await Task.WhenAny(_closing.Task, Task.Delay(_gathering, TimeProvider.System, CancellationToken.None));
            while (batch.Count < MostTogether && _queue.Reader.TryRead(out var served)) batch.Add(served);
            Interlocked.Add(ref _queued, -batch.Count);
            behind = batch.Count == MostTogether;
            await SaveAsync(batch);
            batch.Clear();
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and long lost) Log.Lost(_logger, lost);
            if (_time.GetUtcNow() < forgetAt) continue;
            forgetAt = _time.GetUtcNow() + _forgettingEvery;
            await ForgetAsync();
        }
    }

    private async Task SaveAsync(List<ServedRecommendation> batch)
    {
        await _saving.WaitAsync();
        try
        {
            // What waits no longer was forgotten meanwhile.
            ServedRecommendation[] kept = [.. batch.Where(served => _waiting.ContainsKey(served.RecommendationId) && !(served.Person is { } person && _erased.Contains(person)))];
            if (kept.Length > 0) await _log.AppendAsync(_tenant, kept, CancellationToken.None);
        }
        // Whatever it is, here and below: who writes must live to write the next.
        catch (Exception problem) when (problem is not OutOfMemoryException) { Log.NotSaved(_logger, batch.Count, problem.Message); }
        finally
        {
            foreach (var served in batch) _waiting.TryRemove(served.RecommendationId, out _);
            _saving.Release();
        }
    }

    private async Task ForgetAsync()
    {
        try { await _log.ForgetBeforeAsync(_tenant, _time.GetUtcNow() - _kept, CancellationToken.None); }
        catch (Exception problem) when (problem is not OutOfMemoryException) { Log.NotForgotten(_logger, problem.Message); }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 200, Level = LogLevel.Warning, Message = "{Count} recommendations were answered and not remembered: the store could not keep up")]
        public static partial void Lost(ILogger logger, long count);

        [LoggerMessage(EventId = 201, Level = LogLevel.Error, Message = "{Count} recommendations could not be remembered: {Problem}")]
        public static partial void NotSaved(ILogger logger, int count, string problem);

        [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "Old recommendations could not be forgotten: {Problem}")]
        public static partial void NotForgotten(ILogger logger, string problem);
    }
}
