using System.Runtime.CompilerServices;
using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// What changed lately, one document a shop: a version and the last changes before it, moved on by one update, so that the server puts them in order and
/// a reader that has seen a version knows which of them are new.
/// </summary>
internal sealed class MongoChanges(MongoDatabase database, EventPositions positions, MongoSchema schema, MongoOptions options) : IChangeFeed
{
    public const string CollectionName = "changes";

    // Told one by one as long as it is worth it; more of one kind are told as "any of them".
    private const int MostNoted = 64;
    public const int Remembered = 512;

    // Whoever made one of these and died before the note does not come back to make it once more, as the sender of an item or a customer does.
    private static readonly StoreChanges _reminder = new(LostTrack: false, [], [.. new[]
    {
        StoredKind.Publication, StoredKind.Setting, StoredKind.Scenario, StoredKind.Questionnaire, StoredKind.Erasure,
    }.Select(kind => StoreChange.Of(kind, id: null))]);

    private readonly MongoCollection _changes = database.Collection(CollectionName);

    /// <summary>Tells the other servers. Called when a write is done, before it is acknowledged.</summary>
    public Task NoteAsync(Tenant tenant, IReadOnlyList<StoreChange> made, CancellationToken cancellation)
    {
        if (made.Count == 0) return Task.CompletedTask;
        StoreChange[] told = made.Count <= MostNoted ? [.. made] : [.. made.Select(change => new StoreChange(change.Kind, null, null)).Distinct()];
        return _changes.UpdateOrBeginAsync(BsonDomain.Key(tenant, ""), update => update
            .BeginDocument("$inc").Int64("version", told.Length).End()
            .BeginDocument("$push").BeginDocument("recent").BeginArray("$each").With(all => { foreach (var change in told) Write(all, change); }).End()
            .Int32("$slice", -Remembered).End().End(), beginning => beginning.String("tenant", tenant.Id).Int64("version", 0), cancellation);
    }

    public Task NoteAsync(Tenant tenant, StoredKind kind, IEnumerable<string> ids, CancellationToken cancellation) =>
        NoteAsync(tenant, [.. ids.Select(id => StoreChange.Of(kind, id))], cancellation);

    public Task NoteAsync(Tenant tenant, StoredKind kind, IEnumerable<Person> people, CancellationToken cancellation) =>
        NoteAsync(tenant, [.. people.Select(person => StoreChange.Of(kind, person))], cancellation);

    /// <summary>Takes a person out of what changed lately: of each such change remains that any of its kind may have.</summary>
    public Task ForgetAsync(Tenant tenant, Person person, CancellationToken cancellation) => _changes.UpdateManyAsync(writer => writer.BeginDocument()
        .BeginDocument("q").String("_id", BsonDomain.Key(tenant, "")).End()
        .BeginDocument("u").BeginDocument("$unset").String("recent.$[one].person", "").End().End()
        .BeginArray("arrayFilters").BeginDocument().String("one.person.kind", BsonDomain.NameOf(person.Kind)).String("one.person.id", person.Id).End().End()
        .End(), cancellation);

    /// <summary>
    /// Looks every now and then, with one command, at what the log and this document say, and reads what is new. The first that comes says that track was lost:
    /// what was remembered before the watch began may be out of date.
    /// </summary>
    public async IAsyncEnumerable<StoreChanges> WatchAsync(Tenant tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var everybodys = StoreDeadline.Use(null);
        var watch = new ChangeWatch(database, positions, schema, tenant);
        var reminded = database.Time.GetUtcNow();
        while (true)
        {
            StoreChanges? news = null;
            try
            {
                news = await watch.LookAsync(cancellation);
            }
            catch (StoreException problem) when (problem is not (MongoCommandException or InvalidBsonException))
            {
                // Out of reach: what is missed now comes when it is back, or is said to be lost.
            }
            if (news is not null) yield return news;
            if (database.Time.GetUtcNow() - reminded >= options.RemindEvery)
            {
                reminded = database.Time.GetUtcNow();
                yield return _reminder;
            }
            await Task.Delay(options.LookEvery, database.Time, cancellation);
        }
    }

    private static void Write(BsonWriter all, StoreChange change)
    {
        all.BeginDocument().String("kind", change.Kind.ToString()).Optional("id", change.Id);
        if (change.Person is { } person) all.Person("person", person);
        all.End();
    }

    internal static IReadOnlyList<StoreChange> Read(ReadOnlySpan<byte> array)
    {
        var changes = new List<StoreChange>();
        var each = new BsonReader(array);
        while (each.Read())
        {
            string kind = "";
            string? id = null;
            Person? person = null;
            var fields = new BsonReader(each.Document());
            while (fields.Read())
            {
                if (fields.Is("kind"u8)) kind = fields.String();
                else if (fields.Is("id"u8)) id = fields.String();
                else if (fields.Is("person"u8)) person = fields.Person();
            }
            // A kind that only a newer version has is left out, which its reader takes for something lost.
            if (Enum.TryParse<StoredKind>(kind, out var known)) changes.Add(new StoreChange(known, id, person));
        }
        return changes;
    }
}
