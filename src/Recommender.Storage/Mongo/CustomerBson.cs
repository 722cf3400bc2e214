using System.Collections.Immutable;
using Recommender.Customers;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>A customer as a document: attributes by their names, statements <c>{city: {source, at, confidence}}</c>, days as dates at midnight, consents in their order.</summary>
internal static class CustomerBson
{
    /// <param name="revision">The one that it has from now on.</param>
    /// <param name="stamp">By which its writer knows it again.</param>
    public static ReadOnlyMemory<byte> Write(Tenant tenant, Customer customer, long revision, string stamp) => MongoCollection.DocumentOf(writer =>
    {
        writer.String("_id", BsonDomain.Key(tenant, customer.Id)).String("tenant", tenant.Id).Attributes(customer.Attributes);
        writer.BeginDocument("statements");
        foreach (var (name, statement) in customer.Statements)
            writer.BeginDocument(FieldName.Of(name)).String("source", statement.Source).Instant("at", statement.At).Double("confidence", statement.Confidence).End();
        writer.End().BeginDocument("dates");
        foreach (var (name, day) in customer.Dates) writer.Instant(FieldName.Of(name), new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
        writer.End().BeginArray("consents");
        foreach (var consent in customer.Consents.AsSpan())
        {
            writer.BeginDocument().String("purpose", consent.Purpose).String("channel", consent.Channel).Boolean("granted", consent.Granted)
                .Instant("at", consent.At).String("source", consent.Source).End();
        }
        writer.End().Int64("revision", revision).String(Stamp.Field, stamp);
    });

    public static Customer Read(ReadOnlySpan<byte> document)
    {
        var (id, revision) = ("", 0L);
        var attributes = ImmutableSortedDictionary.Create<string, Catalogue.AttributeValue>(StringComparer.Ordinal);
        var statements = ImmutableSortedDictionary.CreateBuilder<string, Statement>(StringComparer.Ordinal);
        var dates = ImmutableSortedDictionary.CreateBuilder<string, DateOnly>(StringComparer.Ordinal);
        var consents = ImmutableArray.CreateBuilder<Consent>();
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("revision"u8)) revision = fields.Int64();
            else if (fields.Is("attributes"u8)) attributes = fields.Attributes();
            else if (fields.Is("statements"u8)) ForEach(fields, one => statements.Add(FieldName.Read(one.Name), ReadStatement(one)));
            else if (fields.Is("dates"u8)) ForEach(fields, one => dates.Add(FieldName.Read(one.Name), DateOnly.FromDateTime(one.Instant().UtcDateTime)));
            else if (fields.Is("consents"u8)) ForEach(fields, one => consents.Add(ReadConsent(one)));
        }
        return new(id) { Attributes = attributes, Statements = statements.ToImmutable(), Dates = dates.ToImmutable(), Consents = consents.ToImmutable(), Revision = revision };
    }

    private static void ForEach(BsonReader several, Action<BsonReader> read)
    {
        var each = new BsonReader(several.Document());
        while (each.Read()) read(each);
    }

    private static Statement ReadStatement(BsonReader one)
    {
        var (source, at, confidence) = ("", default(DateTimeOffset), 0.0);
        var fields = new BsonReader(one.Document());
        while (fields.Read())
        {
            if (fields.Is("source"u8)) source = fields.String();
            else if (fields.Is("at"u8)) at = fields.Instant();
            else if (fields.Is("at_ticks"u8)) at = at.AddTicks(fields.Int32());
            else if (fields.Is("confidence"u8)) confidence = fields.Double();
        }
        return new(source, at, confidence);
    }

    private static Consent ReadConsent(BsonReader one)
    {
        var (purpose, channel, granted, at, source) = ("", "", false, default(DateTimeOffset), "");
        var fields = new BsonReader(one.Document());
        while (fields.Read())
        {
            if (fields.Is("purpose"u8)) purpose = fields.String();
            else if (fields.Is("channel"u8)) channel = fields.String();
            else if (fields.Is("granted"u8)) granted = fields.Boolean();
            else if (fields.Is("at"u8)) at = fields.Instant();
            else if (fields.Is("at_ticks"u8)) at = at.AddTicks(fields.Int32());
            else if (fields.Is("source"u8)) source = fields.String();
        }
        return new(purpose, channel, granted, at, source);
    }
}
