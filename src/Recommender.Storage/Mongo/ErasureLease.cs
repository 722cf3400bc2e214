using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Who of several works on an erasure: its document names an owner, for as long as they show, by the server's clock, that they are at it. Everything
/// the owner writes into it is written only while it is theirs.
/// </summary>
internal sealed class ErasureLease(MongoCollection erasures, string key, TimeSpan length)
{
    private readonly string _owner = Stamp.New();

    /// <summary>The erasure, if it is still to be done and nobody else is at it.</summary>
    public Task<StoredErasure?> TakeAsync(CancellationToken cancellation) => erasures.FindAndUpdateAsync(
        filter => filter.String("_id", key).With(IsOpen).BeginArray("$or")
            .BeginDocument().BeginDocument("lease").Boolean("$exists", false).End().End()
            .BeginDocument().String("lease.owner", _owner).End()
            .BeginDocument().With(IsLapsed).End().End(),
        update => Renew(update).BeginDocument("$set").String("lease.owner", _owner).End(), upsert: false, StoredErasure.Read, cancellation);

    /// <summary>Enters what is deleted next, counted already; false if the lease is somebody else's.</summary>
    public async Task<bool> TryEnterAsync(Dictionary<string, long> deleted, ErasedPiece piece, CancellationToken cancellation) => (await erasures.UpdateAsync(
        IsMine, update => Renew(update).BeginDocument("$set").With(all => StoredErasure.Counts(all, deleted)).With(piece.Write).End(), upsert: false, cancellation)).Matched == 1;

    /// <summary>Ends the erasure; whom it was about stays named until they were looked for once more. False if it goes on, for the lease is somebody else's.</summary>
    public async Task<bool> EndAsync(IReadOnlyList<Person> erased, CancellationToken cancellation)
    {
        var ended = await erasures.UpdateAsync(IsMine, update => StoredErasure.End(update, erased), upsert: false, cancellation);
        // Perhaps by this very command, whose answer was lost.
        return ended.Matched == 1 || await erasures.FindByIdAsync(key, StoredErasure.Read, cancellation) is { IsDone: true };
    }

    /// <summary>Lets another go on at once.</summary>
    public Task LeaveAsync(CancellationToken cancellation) => erasures.UpdateAsync(IsMine,
        update => update.BeginDocument("$unset").String("lease", "").End(), upsert: false, cancellation);

    /// <summary>Those that are not done.</summary>
    public static void IsOpen(BsonWriter filter) => filter.BeginDocument("erasing").Boolean("$exists", true).End();

    private void IsLapsed(BsonWriter filter) => filter.BeginDocument("$expr").BeginArray("$lt").String("", "$lease.renewed_at")
        .BeginDocument().BeginArray("$subtract").String("", "$$NOW").Int64("", (long)length.TotalMilliseconds).End().End().End().End();

    private static BsonWriter Renew(BsonWriter update) => update.BeginDocument("$currentDate").Boolean("lease.renewed_at", true).End();

    private void IsMine(BsonWriter filter) => filter.String("_id", key).String("lease.owner", _owner);
}
