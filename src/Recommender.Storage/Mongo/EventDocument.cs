using Recommender.Interactions;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>An event as a document: what is absent is left out, so that a field that is there was sent.</summary>
internal static class EventDocument
{
    public static void Write(BsonWriter document, Tenant tenant, long position, ShopEvent shopEvent)
    {
        document.String("_id", BsonDomain.Key(tenant, shopEvent.EventId))
            .String("tenant", tenant.Id)
            .Int64("position", position)
            .String("type", shopEvent.Type)
            .Person("person", shopEvent.Person)
            .Optional("item_id", shopEvent.ItemId)
            .Double("quantity", shopEvent.Quantity)
            .Optional("price", shopEvent.Price)
            .Optional("currency", shopEvent.Currency)
            .Optional("rating", shopEvent.Rating)
            .Optional("channel", shopEvent.Channel)
            .Optional("order_id", shopEvent.OrderId)
            .Instant("occurred_at", shopEvent.OccurredAt)
            .Optional("recommendation_id", shopEvent.RecommendationId)
            .Optional("undoes_event_id", shopEvent.UndoesEventId);
        if (shopEvent.Answer is { } answer) AnswerDocument.Write(document, "answer", answer);
        document.Optional("text", shopEvent.Text);
        if (shopEvent.IsGift) document.Boolean("is_gift", true);
    }

    /// <summary>Bytes that the document has at most: a character of UTF-16 has up to three of UTF-8.</summary>
    public static long MostBytesOf(Tenant tenant, ShopEvent shopEvent)
    {
        const int FieldsAndNumbers = 420;
        long characters = tenant.Id.Length * 4L + shopEvent.EventId.Length + shopEvent.Type.Length + shopEvent.Person.Id.Length + LengthOf(shopEvent.ItemId) + LengthOf(shopEvent.Currency)
            + LengthOf(shopEvent.Channel) + LengthOf(shopEvent.OrderId) + LengthOf(shopEvent.RecommendationId) + LengthOf(shopEvent.UndoesEventId) + LengthOf(shopEvent.Text);
        return FieldsAndNumbers + characters * 3 + (shopEvent.Answer is { } answer ? AnswerDocument.MostBytesOf(answer) : 0);
    }

    public static StoredEvent Read(ReadOnlySpan<byte> document)
    {
        string id = "", type = "";
        string? itemId = null, currency = null, channel = null, orderId = null, recommendationId = null, undoesEventId = null, text = null;
        Person person = default;
        double quantity = 1;
        decimal? price = null;
        double? rating = null;
        Questionnaires.Answer? answer = null;
        bool isGift = false;
        long position = 0;
        DateTimeOffset occurredAt = default;
        int ticks = 0;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("_id"u8)) id = BsonDomain.IdOf(fields.String());
            else if (fields.Is("position"u8)) position = fields.Int64();
            else if (fields.Is("type"u8)) type = fields.String();
            else if (fields.Is("person"u8)) person = fields.Person();
            else if (fields.Is("item_id"u8)) itemId = fields.String();
            else if (fields.Is("quantity"u8)) quantity = fields.Double();
            else if (fields.Is("price"u8)) price = fields.Decimal();
            else if (fields.Is("currency"u8)) currency = fields.String();
            else if (fields.Is("rating"u8)) rating = fields.Double();
            else if (fields.Is("channel"u8)) channel = fields.String();
            else if (fields.Is("order_id"u8)) orderId = fields.String();
            else if (fields.Is("occurred_at"u8)) occurredAt = fields.Instant();
            else if (fields.Is("occurred_at_ticks"u8)) ticks = fields.Int32();
            else if (fields.Is("recommendation_id"u8)) recommendationId = fields.String();
            else if (fields.Is("undoes_event_id"u8)) undoesEventId = fields.String();
            else if (fields.Is("answer"u8)) answer = AnswerDocument.Read(fields.Document());
            else if (fields.Is("text"u8)) text = fields.String();
            else if (fields.Is("is_gift"u8)) isGift = fields.Boolean();
        }
        return new(position, new ShopEvent
        {
            EventId = id,
            Type = type,
            Person = person,
            ItemId = itemId,
            Quantity = quantity,
            Price = price,
            Currency = currency,
            Rating = rating,
            Channel = channel,
            OrderId = orderId,
            OccurredAt = occurredAt.AddTicks(ticks),
            RecommendationId = recommendationId,
            UndoesEventId = undoesEventId,
            Answer = answer,
            Text = text,
            IsGift = isGift,
        });
    }

    private static long LengthOf(string? text) => text?.Length ?? 0;
}
