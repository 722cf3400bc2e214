using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>An answer of the service as a document.</summary>
internal static class ServedDocument
{
    public static void Write(BsonWriter document, Tenant tenant, ServedRecommendation served)
    {
        document.String("_id", BsonDomain.Key(tenant, served.RecommendationId)).String("tenant", tenant.Id).Instant("served_at", served.ServedAt);
        if (served.Person is { } person) document.Person("person", person);
        document.String("scenario", served.Scenario).String("served_by", served.ServedBy).String("model_version", served.ModelVersion).BeginArray("items");
        foreach (ServedItem item in served.Items)
        {
            document.BeginDocument().String("item_id", item.ItemId).Double("score", item.Score).String("source", item.Source).BeginArray("reasons");
            foreach (ServedReason reason in item.Reasons)
            {
                document.BeginDocument().String("kind", reason.Kind).String("item_id", reason.ItemId).Double("share", reason.Share);
                if (reason.Text.Length > 0) document.String("text", reason.Text);
                document.End();
            }
            document.End().End();
        }
        document.End();
    }

    public static ServedRecommendation Read(ReadOnlySpan<byte> document)
    {
        string id = "", scenario = "", servedBy = "", modelVersion = "";
        DateTimeOffset servedAt = default;
        int ticks = 0;
        Person? person = null;
        ImmutableArray<ServedItem> items = [];
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("served_at"u8)) servedAt = fields.Instant();
            else if (fields.Is("served_at_ticks"u8)) ticks = fields.Int32();
            else if (fields.Is("person"u8)) person = fields.Person();
            else if (fields.Is("scenario"u8)) scenario = fields.String();
            else if (fields.Is("served_by"u8)) servedBy = fields.String();
            else if (fields.Is("model_version"u8)) modelVersion = fields.String();
            else if (fields.Is("items"u8)) items = Items(fields.Document());
        }
        return new(id, servedAt.AddTicks(ticks), person, scenario, servedBy, modelVersion, items);
    }

    private static ImmutableArray<ServedItem> Items(ReadOnlySpan<byte> array)
    {
        var items = ImmutableArray.CreateBuilder<ServedItem>();
        var each = new BsonReader(array);
        while (each.Read())
        {
            string itemId = "", source = "";
            float score = 0;
            ImmutableArray<ServedReason> reasons = [];
            var fields = new BsonReader(each.Document());
            while (fields.Read())
            {
                if (fields.Is("item_id"u8)) itemId = fields.String();
                else if (fields.Is("score"u8)) score = (float)fields.Double();
                else if (fields.Is("source"u8)) source = fields.String();
                else if (fields.Is("reasons"u8)) reasons = Reasons(fields.Document());
            }
            items.Add(new ServedItem(itemId, score, source, reasons));
        }
        return items.ToImmutable();
    }

    private static ImmutableArray<ServedReason> Reasons(ReadOnlySpan<byte> array)
    {
        var reasons = ImmutableArray.CreateBuilder<ServedReason>();
        var each = new BsonReader(array);
        while (each.Read())
        {
            string kind = "", itemId = "", text = "";
            float share = 0;
            var fields = new BsonReader(each.Document());
            while (fields.Read())
            {
                if (fields.Is("kind"u8)) kind = fields.String();
                else if (fields.Is("item_id"u8)) itemId = fields.String();
                else if (fields.Is("share"u8)) share = (float)fields.Double();
                else if (fields.Is("text"u8)) text = fields.String();
            }
            reasons.Add(new ServedReason(kind, itemId, share) { Text = text });
        }
        return reasons.ToImmutable();
    }
}
