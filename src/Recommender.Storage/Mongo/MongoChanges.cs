using System.Runtime.CompilerServices;
using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// What changed lately, one document a shop: a version and the last changes before it, moved on by one update, so that the server puts them in order and
/// a reader that has seen a version knows which of them are new.
/// </summary>
internal sealed class MongoChanges(MongoDatabase database) : IChangeFeed
{
    public const string CollectionName = "changes";

    // Told one by one as long as it is worth it; more of one kind are told as "any of them".
    private const int MostNoted = 64;
    private const int Remembered = 512;

    private readonly MongoCollection _changes = database.Collection(CollectionName);

    /// <summary>Tells the other servers. Called when a write is done, before it is acknowledged.</summary>
    public Task NoteAsync(Tenant tenant, IReadOnlyList<StoreChange> made, CancellationToken cancellation)
    {
        if (made.Count == 0) return Task.CompletedTask;
        StoreChange[] told = made.Count <= MostNoted ? [.. made] : [.. made.Select(change => new StoreChange(change.Kind, null, null)).Distinct()];
        return _changes.UpdateAsync(filter => filter.String("_id", BsonDomain.Key(tenant, "")), update => update
            .BeginDocument("$inc").Int64("version", told.Length).End()
            .BeginDocument("$set").String("tenant", tenant.Id).End()
            .BeginDocument("$push").BeginDocument("recent").BeginArray("$each").With(all => { foreach (var change in told) Write(all, change); }).End()
            .Int32("$slice", -Remembered).End().End(), upsert: true, cancellation);
    }

    public Task NoteAsync(Tenant tenant, StoredKind kind, IEnumerable<string> ids, CancellationToken cancellation) =>
        NoteAsync(tenant, [.. ids.Select(id => StoreChange.Of(kind, id))], cancellation);

    public Task NoteAsync(Tenant tenant, StoredKind kind, IEnumerable<Person> people, CancellationToken cancellation) =>
        NoteAsync(tenant, [.. people.Select(person => StoreChange.Of(kind, person))], cancellation);

    public async IAsyncEnumerable<StoreChanges> WatchAsync(Tenant tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        yield break;
    }

    private static void Write(BsonWriter all, StoreChange change)
    {
        all.BeginDocument().String("kind", change.Kind.ToString()).Optional("id", change.Id);
        if (change.Person is { } person) all.Person("person", person);
        all.End();
    }
}
