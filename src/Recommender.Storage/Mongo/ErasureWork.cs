using Recommender.Interactions;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Deletes in pieces: the documents of a piece are found, entered in the erasure and counted by one update, then deleted. Whoever goes on after a crash
/// deletes what is entered once more and does not count it again. It ends when a whole round finds nothing.
/// </summary>
internal sealed class ErasureWork(
    MongoDatabase database, EventPositions positions, MongoIdentityLinks links, MongoContactLedger contacts, MongoChanges changes, MongoOptions options)
{
    private const int DeletedTogether = 1000;
    private const int MostCharacters = 2_000_000;

    // Servers that have not heard yet still write of these people.
    private const int LooksToHear = 3;

    private readonly ServerClock _clock = new(database);
    private readonly MongoCollection _erasures = database.Collection(MongoCollections.Erasures);

    /// <summary>False if another server is at it, or it was done before.</summary>
    public async Task<bool> TryFinishAsync(string key, CancellationToken cancellation)
    {
        var lease = new ErasureLease(_erasures, key, options.ErasureLease);
        if (await lease.TakeAsync(cancellation) is not { } erasure) return false;
        bool isDone = false;
        try
        {
            await Task.Delay(options.LookEvery * LooksToHear, database.Time, cancellation);
            // Events that were on their way when it began.
            await positions.SettledAsync(erasure.Tenant, cancellation);
            return isDone = await FinishAsync(lease, erasure, cancellation);
        }
        finally
        {
            if (!isDone) await LeaveAsync(lease);
        }
    }

    /// <summary>
    /// Looks once more for the people of an erasure that ended a while ago: a server that was slow may have written of them after the last round. What is found
    /// is deleted and not counted; several servers may do so at once. Then nobody is named any more.
    /// </summary>
    public async Task SweepAsync(StoredErasure ended, CancellationToken cancellation)
    {
        if (ended.EndedAt > await _clock.NowAsync(cancellation) - (long)options.SweepAfter.TotalMilliseconds) return;
        // What those who came back have written since is theirs.
        if (!ended.IsReadmitted)
        {
            await links.CarryOutAsync(ended.Tenant, cancellation);
            foreach (var person in ended.Swept) await SweepAsync(ended.Tenant, person, cancellation);
        }
        await _erasures.UpdateAsync(filter => filter.String("_id", ended.Key), StoredErasure.Sweep, upsert: false, cancellation);
    }

    private async Task SweepAsync(Tenant tenant, Person person, CancellationToken cancellation)
    {
        await contacts.CarryOutAsync(tenant, person, cancellation);
        foreach (var place in ErasedDocuments.All)
        {
            while (await FindAsync(place, tenant, person, cancellation) is { Piece.Keys.Count: > 0 } late) await DeleteAsync(tenant, late.Piece, cancellation);
        }
        await changes.ForgetAsync(tenant, person, cancellation);
    }

    private async Task<bool> FinishAsync(ErasureLease lease, StoredErasure erasure, CancellationToken cancellation)
    {
        var (tenant, deleted) = (erasure.Tenant, erasure.Deleted);
        if (erasure.Piece is { } begun) await DeleteAsync(tenant, begun, cancellation);
        for (bool isFound = true; isFound;)
        {
            isFound = false;
            await links.CarryOutAsync(tenant, cancellation);
            foreach (var person in erasure.Erasing)
            {
                await contacts.CarryOutAsync(tenant, person, cancellation);
                foreach (var place in ErasedDocuments.All)
                {
                    while (await FindAsync(place, tenant, person, cancellation) is { Piece.Keys.Count: > 0 } next)
                    {
                        isFound = true;
                        deleted[place.Kind] += next.Records;
                        if (!await lease.TryEnterAsync(deleted, next.Piece, cancellation)) return false;
                        await DeleteAsync(tenant, next.Piece, cancellation);
                    }
                }
            }
        }
        foreach (var person in erasure.Erasing) await changes.ForgetAsync(tenant, person, cancellation);
        if (!await lease.EndAsync(erasure.Erasing, cancellation)) return false;
        await changes.NoteAsync(tenant, [StoreChange.Of(StoredKind.Erasure, id: null), StoreChange.Of(StoredKind.Link, id: null)], cancellation);
        return true;
    }

    private async Task<(ErasedPiece Piece, long Records)> FindAsync(ErasedDocuments place, Tenant tenant, Person person, CancellationToken cancellation)
    {
        if (place.Find(tenant, person) is not { } filter) return (new(place.Collection, []), 0);
        var found = await database.Collection(place.Collection).FindAsync(
            filter, null, DeletedTogether, document => (Key: BsonDomain.KeyOf(document), Records: place.Records(document)), MongoTarget.Primary, cancellation);
        // The keys stand in the erasure's document, which must stay far from 16 MB.
        int characters = 0;
        var together = found.TakeWhile((one, i) => (characters += one.Key.Length) <= MostCharacters || i == 0).ToList();
        return (new(place.Collection, [.. together.Select(one => one.Key)]), together.Sum(one => one.Records));
    }

    private async Task DeleteAsync(Tenant tenant, ErasedPiece piece, CancellationToken cancellation)
    {
        await database.Collection(piece.Collection).DeleteByIdsAsync(piece.Keys, cancellation);
        if (piece.Collection == MongoCollections.Links) await links.MoveOnAsync(tenant, cancellation);
    }

    private static async Task LeaveAsync(ErasureLease lease)
    {
        // Where it cannot be left in order, it lapses.
        try { await lease.LeaveAsync(CancellationToken.None); }
        catch (StoreException) { }
        catch (ObjectDisposedException) { }
    }
}
