using Recommender.Interactions;

namespace Recommender.Storage.Mongo;

/// <summary>
/// An erasure is a document from its beginning: it names whom it is about until it is done, which makes it a receipt. One of the servers works on it,
/// the others wait; if the one dies, any other, or the next opening of a store, goes on.
/// </summary>
internal sealed class MongoErasures : IErasures, IAsyncDisposable
{
    private const int PageLength = 1000;
    private static readonly TimeSpan _lookForEnd = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _lookForLapsed = TimeSpan.FromSeconds(10);

    private readonly MongoDatabase _database;
    private readonly MongoChanges _changes;
    private readonly ErasureWork _work;
    private readonly MongoCollection _erasures;
    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<Task> _running = [];
    private int _closed;

    public MongoErasures(MongoDatabase database, MongoChanges changes, ErasureWork work)
    {
        (_database, _changes, _work) = (database, changes, work);
        _erasures = database.Collection(MongoCollections.Erasures);
    }

    /// <exception cref="InvalidOperationException">The receipt is that of other people.</exception>
    public async Task<Erasure> EraseAsync(
        Tenant tenant, IReadOnlyList<Person> people, string receiptId, DateTimeOffset at, IReadOnlyDictionary<string, long> elsewhere, CancellationToken cancellation)
    {
        var deleted = StorablePeople.Check(receiptId, people, elsewhere, ErasedDocuments.Nothing());
        Person[] erased = [.. people.Distinct()];
        cancellation.ThrowIfCancellationRequested();
        using var unlimited = StoreDeadline.Use(null);
        string key = BsonDomain.Key(tenant, receiptId);
        if (!await _erasures.TryInsertAsync(StoredErasure.Begun(tenant, receiptId, at, erased, deleted), CancellationToken.None))
        {
            var before = await _erasures.FindByIdAsync(key, StoredErasure.Read, CancellationToken.None);
            if (!before!.Hashes.ToHashSet().SetEquals(erased.Select(person => Erasure.HashOf(tenant, person))))
                throw new InvalidOperationException($"receipt {receiptId} is that of other people; every erasure has an id of its own.");
            if (before.IsDone) return before.Receipt;
        }
        await _changes.NoteAsync(tenant, [StoreChange.Of(StoredKind.Erasure, id: null)], CancellationToken.None);
        // Begun is done: half an erasure is worse than one that a caller no longer waits for.
        await RunAsync(() => FinishAsync(key));
        return (await _erasures.FindByIdAsync(key, StoredErasure.Read, CancellationToken.None))!.Receipt;
    }

    public async Task<Erasure?> FindAsync(Tenant tenant, string receiptId, CancellationToken cancellation) =>
        await _erasures.FindByIdAsync(BsonDomain.Key(tenant, receiptId), StoredErasure.Read, cancellation) is { IsDone: true } done ? done.Receipt : null;

    public async Task<IReadOnlyList<Erasure>> ListAsync(Tenant tenant, CancellationToken cancellation) =>
        [.. (await ReadAsync(tenant, cancellation)).Where(one => one.IsDone).Select(one => one.Receipt).OrderBy(receipt => receipt.At)];

    public async Task<IReadOnlyList<string>> PeopleAsync(Tenant tenant, CancellationToken cancellation) =>
        [.. (await ReadAsync(tenant, cancellation)).Where(one => !one.IsReadmitted).SelectMany(one => one.Hashes).Distinct(StringComparer.Ordinal)];

    public Task<bool> ReadmitAsync(Tenant tenant, Person person, CancellationToken cancellation) => Unbroken.RunAsync(async () =>
    {
        string stamp = Stamp.New();
        var readmitted = await _erasures.UpdateManyAsync(MongoCollection.Statement(
            filter => filter.String("tenant", tenant.Id).String("people", Erasure.HashOf(tenant, person)).BeginDocument("readmitted").Boolean("$exists", false).End(),
            update => update.BeginDocument("$set").String("readmitted", stamp).End(), upsert: false, multi: true), CancellationToken.None);
        bool isMade = readmitted.Matched > 0 || await _erasures.FindOneAsync(filter => filter.String("tenant", tenant.Id).String("people", Erasure.HashOf(tenant, person))
            .String("readmitted", stamp), _ => "", CancellationToken.None) is not null;
        if (isMade) await _changes.NoteAsync(tenant, [StoreChange.Of(StoredKind.Erasure, id: null)], CancellationToken.None);
        return isMade;
    }, cancellation);

    /// <summary>Ends what a crash interrupted, and goes on looking for such while the store is open.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        await FinishLapsedAsync(cancellation);
        Keep(WatchAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1) return;
        await _closing.CancelAsync();
        Task[] running;
        lock (_running) running = [.. _running];
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task<List<StoredErasure>> ReadAsync(Tenant tenant, CancellationToken cancellation)
    {
        var keyed = new KeyedDocuments<StoredErasure>(_erasures, StoredErasure.Read);
        var all = new List<StoredErasure>();
        IReadOnlyList<StoredErasure> page;
        do
        {
            page = await keyed.ListAsync(tenant, all.Count == 0 ? null : BsonDomain.IdOf(all[^1].Key), PageLength, cancellation);
            all.AddRange(page);
        }
        while (page.Count == PageLength);
        return all;
    }

    /// <summary>Works on an erasure, or waits for whoever does, until it is done.</summary>
    private async Task FinishAsync(string key)
    {
        while (!await _work.TryFinishAsync(key, _closing.Token))
        {
            if (await _erasures.FindByIdAsync(key, StoredErasure.Read, _closing.Token) is not { IsDone: false }) return;
            await Task.Delay(_lookForEnd, _database.Time, _closing.Token);
        }
    }

    private async Task FinishLapsedAsync(CancellationToken cancellation)
    {
        foreach (var erasure in await _erasures.FindAsync(StoredErasure.HasWork, null, PageLength, StoredErasure.Read, MongoTarget.Primary, cancellation))
        {
            if (erasure.IsDone) await _work.SweepAsync(erasure, cancellation);
            else await _work.TryFinishAsync(erasure.Key, cancellation);
        }
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(_lookForLapsed, _database.Time, _closing.Token);
            try { await FinishLapsedAsync(_closing.Token); }
            // What cannot be reached, or is refused, now is looked for again.
            catch (StoreException) { }
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        ObjectDisposedException.ThrowIf(_closed == 1, typeof(MongoShopStore));
        var running = work();
        Keep(running);
        try { await running; }
        catch (OperationCanceledException closing) when (_closed == 1) { throw new ObjectDisposedException("The store was closed; the erasure goes on when one is open.", closing); }
    }

    private void Keep(Task running)
    {
        lock (_running) _running.Add(running);
        _ = running.ContinueWith(ended => { lock (_running) _running.Remove(ended); }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
