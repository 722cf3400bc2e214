using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A contact as a document.</summary>
/// <param name="Revision">Counts its changes.</param>
internal sealed record StoredContact(Contact Contact, long Revision)
{
    public static ReadOnlyMemory<byte> Write(Tenant tenant, Contact contact, long revision, string stamp) => MongoCollection.DocumentOf(writer => writer
        .String("_id", BsonDomain.Key(tenant, contact.Id)).String("tenant", tenant.Id).Person("person", contact.Person).String("channel", contact.Channel)
        .String("purpose", contact.Purpose).Instant("at", contact.At).String("state", NameOf(contact.State)).Optional("expires_at", contact.ExpiresAt)
        .String("scenario", contact.Scenario).Strings("item_ids", contact.ItemIds.IsDefault ? [] : contact.ItemIds)
        .Int64("revision", revision).String(Stamp.Field, stamp));

    public static StoredContact Read(ReadOnlySpan<byte> document)
    {
        var (id, channel, purpose, scenario, revision) = ("", "", "", "", 0L);
        Person person = default;
        DateTimeOffset at = default;
        DateTimeOffset? expiresAt = null;
        ContactState state = default;
        List<string> items = [];
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("person"u8)) person = fields.Person();
            else if (fields.Is("channel"u8)) channel = fields.String();
            else if (fields.Is("purpose"u8)) purpose = fields.String();
            else if (fields.Is("at"u8)) at = fields.Instant();
            else if (fields.Is("at_ticks"u8)) at = at.AddTicks(fields.Int32());
            else if (fields.Is("state"u8)) state = StateOf(fields.String());
            else if (fields.Is("expires_at"u8)) expiresAt = fields.Instant();
            else if (fields.Is("expires_at_ticks"u8)) expiresAt = expiresAt?.AddTicks(fields.Int32());
            else if (fields.Is("scenario"u8)) scenario = fields.String();
            else if (fields.Is("item_ids"u8)) items = fields.Strings();
            else if (fields.Is("revision"u8)) revision = fields.Int64();
        }
        return new(new(id, person, channel, purpose, at, state) { ExpiresAt = expiresAt, Scenario = scenario, ItemIds = [.. items] }, revision);
    }

    public static Person[] PeopleOf(ReadOnlySpan<byte> document) => [Read(document).Contact.Person];

    private static string NameOf(ContactState state) => state switch
    {
        ContactState.Reserved => "reserved",
        ContactState.Confirmed => "confirmed",
        _ => "cancelled",
    };

    private static ContactState StateOf(string name) => name switch
    {
        "reserved" => ContactState.Reserved,
        "confirmed" => ContactState.Confirmed,
        "cancelled" => ContactState.Cancelled,
        _ => throw new InvalidBsonException($"A contact is neither reserved, confirmed nor cancelled but \"{name}\"."),
    };
}
