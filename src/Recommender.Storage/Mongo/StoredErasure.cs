using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>An erasure as a document.</summary>
/// <param name="Erasing">Whom, until it is done.</param>
/// <param name="Swept">Whom, when it is done, until they were looked for once more.</param>
/// <param name="EndedAt">As long as these are there; milliseconds since 1970, UTC.</param>
/// <param name="Piece">What was about to be deleted: it is counted already.</param>
internal sealed record StoredErasure(
    string Key, Tenant Tenant, DateTimeOffset At, IReadOnlyList<string> Hashes, bool IsReadmitted, Dictionary<string, long> Deleted, IReadOnlyList<Person> Erasing, IReadOnlyList<Person> Swept, long EndedAt, ErasedPiece? Piece)
{
    private const string Ended = "ended_at";
    private const string Sweeping = "sweeping";


    public bool IsDone => Erasing.Count == 0;

    public Erasure Receipt => new(BsonDomain.IdOf(Key), At, IsReadmitted ? [] : Hashes, Deleted);

    public static Action<BsonWriter> Begun(Tenant tenant, string receiptId, DateTimeOffset at, IReadOnlyList<Person> people, Dictionary<string, long> deleted) => writer =>
    {
        writer.String("_id", BsonDomain.Key(tenant, receiptId)).String("tenant", tenant.Id).Instant("at", at)
            .Strings("people", people.Select(person => Erasure.HashOf(tenant, person))).With(all => Counts(all, deleted)).BeginArray("erasing");
        foreach (var person in people) writer.Person("", person);
        writer.End();
    };

    /// <summary>One that has ended, with everybody it was about.</summary>
    /// <exception cref="ArgumentException">Some of them were readmitted and some not: an erasure readmits everybody or nobody.</exception>
    public static void Write(BsonWriter document, Tenant tenant, ShopRecord.OfErasure ended, string stamp)
    {
        if (ended.People.DistinctBy(person => person.Readmitted).Count() > 1)
            throw new ArgumentException($"receipt {ended.ReceiptId} has people who were readmitted and people who were not.", nameof(ended));
        document.String("_id", BsonDomain.Key(tenant, ended.ReceiptId)).String("tenant", tenant.Id).Instant("at", ended.At)
            .Strings("people", ended.People.Select(person => person.Hash)).With(all => Counts(all, ended.Deleted));
        if (ended.People.Any(person => person.Readmitted)) document.String("readmitted", stamp);
    }

    public ShopRecord.OfErasure Record => new(BsonDomain.IdOf(Key), At, Deleted, [.. Hashes.Select(hash => new ErasedPerson(hash, IsReadmitted))]);

    /// <summary>Those that are not done, and those whose people are still to be looked for once more.</summary>
    public static void HasWork(BsonWriter filter) => filter.BeginArray("$or")
        .BeginDocument().With(ErasureLease.IsOpen).End()
        .BeginDocument().BeginDocument(Ended).Boolean("$exists", true).End().End().End();

    /// <summary>The update that ends an erasure.</summary>
    public static void End(BsonWriter update, IReadOnlyList<Person> people)
    {
        update.BeginDocument("$unset").String("erasing", "").String("piece", "").String("lease", "").End()
            .BeginDocument("$currentDate").Boolean(Ended, true).End().BeginDocument("$set").BeginArray(Sweeping);
        foreach (var person in people) update.Person("", person);
        update.End().End();
    }

    /// <summary>The update that takes out the last that names anybody.</summary>
    public static void Sweep(BsonWriter update) => update.BeginDocument("$unset").String(Sweeping, "").String(Ended, "").End();

    public static void Counts(BsonWriter writer, IEnumerable<KeyValuePair<string, long>> deleted)
    {
        writer.BeginDocument("deleted");
        foreach (var (kind, count) in deleted) writer.Int64(kind, count);
        writer.End();
    }

    public static StoredErasure Read(ReadOnlySpan<byte> document)
    {
        var (key, tenant, at, endedAt, readmitted) = ("", "", default(DateTimeOffset), 0L, false);
        List<string> hashes = [];
        var deleted = new Dictionary<string, long>(StringComparer.Ordinal);
        var (erasing, swept) = (new List<Person>(), new List<Person>());
        ErasedPiece? piece = null;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) key = fields.String();
            else if (fields.Is("tenant"u8)) tenant = fields.String();
            else if (fields.Is("at"u8)) at = fields.Instant();
            else if (fields.Is("at_ticks"u8)) at = at.AddTicks(fields.Int32());
            else if (fields.Is("people"u8)) hashes = fields.Strings();
            else if (fields.Is("readmitted"u8)) readmitted = true;
            else if (fields.Is("deleted"u8)) ForEach(fields, count => deleted[count.Name] = count.Int64());
            else if (fields.Is("erasing"u8)) ForEach(fields, person => erasing.Add(person.Person()));
            else if (fields.Is("sweeping"u8)) ForEach(fields, person => swept.Add(person.Person()));
            else if (fields.Is("ended_at"u8)) endedAt = fields.Date();
            else if (fields.Is("piece"u8)) piece = ErasedPiece.Read(fields.Document());
        }
        return new(key, new Tenant(tenant), at, hashes, readmitted, deleted, erasing, swept, endedAt, piece);
    }

    private static void ForEach(BsonReader several, Action<BsonReader> read)
    {
        var each = new BsonReader(several.Document());
        while (each.Read()) read(each);
    }
}

/// <summary>Documents that are deleted together.</summary>
internal sealed record ErasedPiece(string Collection, IReadOnlyList<string> Keys)
{
    public void Write(BsonWriter writer) => writer.BeginDocument("piece").String("collection", Collection).Strings("keys", Keys).End();

    public static ErasedPiece Read(ReadOnlySpan<byte> document)
    {
        var (collection, keys) = ("", new List<string>());
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("collection"u8)) collection = fields.String();
            else if (fields.Is("keys"u8)) keys = fields.Strings();
        }
        return new(collection, keys);
    }
}
