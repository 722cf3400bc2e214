using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Puts decisions in an order where a decision and the document that it writes cannot change as one. A lock is a document with a revision. Who
/// has decided on what was seen at a revision enters the document to be written, the intent, by the same update that moves the revision on, and only if
/// it is still that one. Then the intent is carried out, told, and taken out. Whoever finds one carries it out first: once entered it is made,
/// whatever becomes of its maker. Its document replaces only the revision it was made for, so that carrying it out late or twice does no harm.
/// </summary>
/// <param name="locks">Each <c>{_id, tenant, revision, intent: {was, document}}</c>, the intent only while it is pending.</param>
/// <param name="documents">Where intents go: each has a <c>revision</c> and the <see cref="Stamp"/> of its last write.</param>
/// <param name="kind">As what a change is told.</param>
/// <param name="peopleOf">Whom a document is about.</param>
internal sealed class IntentLock(
    MongoCollection locks, MongoCollection documents, ErasedPeople erased, MongoChanges changes, StoredKind kind, DocumentReading<Person[]> peopleOf)
{
    /// <summary>The lock's revision; everything decided before it is in the documents. 0 where nothing was decided yet.</summary>
    public async Task<long> RevisionAsync(Tenant tenant, string id, CancellationToken cancellation)
    {
        var (key, revision, intent) = await locks.FindByIdAsync(BsonDomain.Key(tenant, id), Held.Read, cancellation) ?? new Held("", 0, null);
        if (intent is not null) await CarryOutAsync(tenant, key, intent, cancellation);
        return revision;
    }

    /// <summary>
    /// Enters what was decided at a revision, and carries it out. <see cref="Entry.Unknown"/> if the lock has moved on, perhaps by this very write, whose
    /// answer was lost: look again, and at the document's stamp.
    /// </summary>
    /// <param name="was">The revision of the document that is replaced; 0 for a new one.</param>
    public async Task<Entry> TryEnterAsync(Tenant tenant, string id, long seen, long was, ReadOnlyMemory<byte> document, CancellationToken cancellation)
    {
        string key = BsonDomain.Key(tenant, id);
        // A lock is begun by an insert: of two upserts at once not every server lets only one find nothing.
        bool entered = (seen == 0 && await locks.TryInsertAsync(begun => begun.String("_id", key).With(Entered), cancellation))
            || (await locks.UpdateAsync(filter => filter.String("_id", key).Int64("revision", seen).BeginDocument("intent").Boolean("$exists", false).End(),
                update => update.Document("$set", Entered), upsert: false, cancellation)).Matched == 1;
        if (!entered) return Entry.Unknown;
        // From here on it is made, and the caller's patience plays no part.
        return await CarryOutAsync(tenant, key, new Intent(was, document.ToArray()), CancellationToken.None) ? Entry.CarriedOut : Entry.Entered;

        void Entered(BsonWriter fields) => fields.String("tenant", tenant.Id).Int64("revision", seen + 1)
            .BeginDocument("intent").Int64("was", was).Document("document", document.Span).End();
    }

    /// <summary>Moves the revision on, so that nothing is decided on what was seen before.</summary>
    public Task MoveOnAsync(Tenant tenant, string id, CancellationToken cancellation) => locks.UpdateOrBeginAsync(BsonDomain.Key(tenant, id),
        update => update.BeginDocument("$inc").Int64("revision", 1).End(), beginning => beginning.String("tenant", tenant.Id).Int64("revision", 0), cancellation);

    /// <summary>Carries out what is pending in any lock, as a filter chooses them.</summary>
    public async Task CarryOutAllAsync(Tenant tenant, Action<BsonWriter> filter, CancellationToken cancellation)
    {
        foreach (var (key, _, intent) in await locks.FindAsync(filter, null, int.MaxValue, Held.Read, MongoTarget.Primary, cancellation))
            if (intent is not null) await CarryOutAsync(tenant, key, intent, cancellation);
    }

    /// <summary>Whether the document is what the intent says: not if it had changed before, or has since.</summary>
    private async Task<bool> CarryOutAsync(Tenant tenant, string lockKey, Intent intent, CancellationToken cancellation)
    {
        var (document, stamp) = (Keyed(intent.Document), Stamp.Read(intent.Document));
        var written = await documents.UpdateAsync(filter => filter.String("_id", document).Int64("revision", intent.Was),
            update => update.Fields(intent.Document), upsert: intent.Was == 0, cancellation);
        var people = peopleOf(intent.Document);
        await changes.NoteAsync(tenant, kind, people, cancellation);
        var taken = await locks.UpdateAsync(filter => filter.String("_id", lockKey).String("intent.document.stamp", stamp),
            update => update.BeginDocument("$unset").String("intent", "").End(), upsert: false, cancellation);
        // Made anew after others had carried it out and an erasure had deleted it: it is taken back.
        if (written.Inserted == 1 && taken.Matched == 0 && await erased.AnyAsync(tenant, people, cancellation))
            await documents.DeleteAsync(filter => filter.String("_id", document).String(Stamp.Field, stamp), all: false, cancellation);
        return written.Matched == 1 || await documents.IsStampedAsync(document, stamp, cancellation);
    }

    private static string Keyed(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("_id"u8) ? fields.String() : throw new InvalidBsonException("The document of an intent has no _id.");
    }

    private sealed record Intent(long Was, byte[] Document)
    {
        public static Intent Read(ReadOnlySpan<byte> intent)
        {
            var (was, document) = (0L, Array.Empty<byte>());
            var fields = new BsonReader(intent);
            while (fields.Read())
            {
                if (fields.Is("was"u8)) was = fields.Int64();
                else if (fields.Is("document"u8)) document = fields.Document().ToArray();
            }
            return new(was, document);
        }
    }

    private sealed record Held(string Key, long Revision, Intent? Intent)
    {
        public static Held Read(ReadOnlySpan<byte> document)
        {
            var held = new Held("", 0, null);
            var fields = new BsonReader(document);
            while (fields.Read())
            {
                if (fields.Is("_id"u8)) held = held with { Key = fields.String() };
                else if (fields.Is("revision"u8)) held = held with { Revision = fields.Int64() };
                else if (fields.Is("intent"u8)) held = held with { Intent = Intent.Read(fields.Document()) };
            }
            return held;
        }
    }
}

/// <summary>What became of a decision.</summary>
internal enum Entry
{
    /// <summary>It was not entered, or its maker does not know.</summary>
    Unknown,

    /// <summary>It was; its document is another than that it was made for, or has changed again since.</summary>
    Entered,

    CarriedOut,
}
