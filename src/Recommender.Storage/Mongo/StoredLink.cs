using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A link as a document.</summary>
/// <param name="Made">The revision of the shop's links at which it was made: their order.</param>
/// <param name="Revision">That of its last change.</param>
internal sealed record StoredLink(IdentityLink Link, long Made, long Revision, string Stamp)
{
    public static ReadOnlyMemory<byte> Write(Tenant tenant, IdentityLink link, long made, long revision, string stamp) => MongoCollection.DocumentOf(writer => writer
        .String("_id", BsonDomain.Key(tenant, link.Id)).String("tenant", tenant.Id).Person("from", link.From).String("customer_id", link.CustomerId)
        .Instant("since", link.Since).String("source", link.Source).Optional("ended_at", link.EndedAt)
        .Int64("made", made).Int64("revision", revision).String(Mongo.Stamp.Field, stamp));

    public static StoredLink Read(ReadOnlySpan<byte> document)
    {
        var (id, customer, source, stamp, made, revision) = ("", "", "", "", 0L, 0L);
        Person from = default;
        DateTimeOffset since = default;
        DateTimeOffset? endedAt = null;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("from"u8)) from = fields.Person();
            else if (fields.Is("customer_id"u8)) customer = fields.String();
            else if (fields.Is("since"u8)) since = fields.Instant();
            else if (fields.Is("since_ticks"u8)) since = since.AddTicks(fields.Int32());
            else if (fields.Is("source"u8)) source = fields.String();
            else if (fields.Is("ended_at"u8)) endedAt = fields.Instant();
            else if (fields.Is("ended_at_ticks"u8)) endedAt = endedAt?.AddTicks(fields.Int32());
            else if (fields.Is("made"u8)) made = fields.Int64();
            else if (fields.Is("revision"u8)) revision = fields.Int64();
            else if (fields.Is("stamp"u8)) stamp = fields.String();
        }
        return new(new(id, from, customer, since, source) { EndedAt = endedAt }, made, revision, stamp);
    }

    public static Person[] PeopleOf(ReadOnlySpan<byte> document)
    {
        var link = Read(document).Link;
        return [link.From, Person.Customer(link.CustomerId)];
    }

    /// <summary>Links of a person in the order of their making, parted by their direction.</summary>
    public static PersonLinks Together(long revision, Person person, IEnumerable<StoredLink> links)
    {
        var ordered = links.OrderBy(link => link.Made).Select(link => link.Link).ToList();
        return new(revision, ordered.FindAll(link => link.From == person),
            person.Kind == PersonKind.Customer ? ordered.FindAll(link => link.CustomerId == person.Id) : []);
    }
}
