using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>How what the domain speaks of is written: people, moments.</summary>
internal static class BsonDomain
{
    private const string Ticks = "_ticks";
    private const string Customer = "customer";
    private const string Visitor = "visitor";

    /// <summary>Goes on with what others write.</summary>
    public static BsonWriter With(this BsonWriter writer, Action<BsonWriter> more)
    {
        more(writer);
        return writer;
    }

    /// <summary>The fields of a document that is written already.</summary>
    public static BsonWriter Fields(this BsonWriter writer, ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        while (fields.Read()) writer.Raw(fields.Type, fields.Name, fields.Value);
        return writer;
    }

    public static string NameOf(PersonKind kind) => kind == PersonKind.Customer ? Customer : Visitor;

    public static BsonWriter Person(this BsonWriter writer, string name, Person person) =>
        writer.BeginDocument(name).String("kind", NameOf(person.Kind)).String("id", person.Id).End();

    public static Person Person(this BsonReader reader)
    {
        var (kind, id) = ("", "");
        var fields = new BsonReader(reader.Document());
        while (fields.Read())
        {
            if (fields.Is("kind"u8)) kind = fields.String();
            else if (fields.Is("id"u8)) id = fields.String();
        }
        return kind switch
        {
            Customer => Interactions.Person.Customer(id),
            Visitor => Interactions.Person.Visitor(id),
            _ => throw new InvalidBsonException($"A person is neither customer nor visitor but \"{kind}\"."),
        };
    }

    /// <summary>A date, and beside it, where there are any, the 100 ns that a date does not hold.</summary>
    public static BsonWriter Instant(this BsonWriter writer, string name, DateTimeOffset at)
    {
        long ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        long milliseconds = Math.DivRem(ticks, TimeSpan.TicksPerMillisecond, out long rest);
        if (rest < 0) (milliseconds, rest) = (milliseconds - 1, rest + TimeSpan.TicksPerMillisecond);
        writer.Date(name, milliseconds);
        return rest == 0 ? writer : writer.Int32(name + Ticks, (int)rest);
    }

    public static BsonWriter Optional(this BsonWriter writer, string name, DateTimeOffset? at) => at is { } moment ? writer.Instant(name, moment) : writer;

    /// <summary>A date without the 100 ns: add those of the field beside it.</summary>
    public static DateTimeOffset Instant(this BsonReader reader) =>
        new(DateTimeOffset.UnixEpoch.Ticks + reader.Date() * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    /// <summary>The key of a document: simple collation orders those of one shop as the UTF-8 of their ids.</summary>
    public static string Key(Tenant tenant, string id) => $"{Escaped(tenant)}/{id}";

    /// <summary>The smallest key behind all of a shop's.</summary>
    public static string KeyAfter(Tenant tenant) => $"{Escaped(tenant)}0";

    /// <summary>The id within the shop.</summary>
    public static string IdOf(string key) => key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The key that a document has.</summary>
    public static string KeyOf(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("_id"u8) ? fields.String() : throw new InvalidBsonException("A document has no _id.");
    }

    private static string Escaped(Tenant tenant) => tenant.Id.AsSpan().IndexOfAny('/', '%') < 0
        ? tenant.Id : tenant.Id.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}
