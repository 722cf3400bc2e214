using Recommender.Interactions;

namespace Recommender.Storage.Sqlite;

/// <summary>
/// An event as a row of columns: a field is read by any tool that reads SQLite, a new one is one ALTER TABLE, and an absent one costs one byte.
/// </summary>
internal static class EventRow
{
    public const string Columns = "position, event_id, type, person_kind, person_id, item_id, quantity, price, currency, rating, channel, order_id, "
        + "occurred_at, recommendation_id, undoes_event_id, answer, text, is_gift";

    public const string Values = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

    public static Statement Bind(Statement insert, long position, ShopEvent shopEvent) => insert
        .With(position)
        .With(shopEvent.EventId)
        .With(shopEvent.Type)
        .With(shopEvent.Person)
        .With(shopEvent.ItemId)
        .With(shopEvent.Quantity)
        .With(shopEvent.Price)
        .With(shopEvent.Currency)
        .With(shopEvent.Rating)
        .With(shopEvent.Channel)
        .With(shopEvent.OrderId)
        .With(shopEvent.OccurredAt)
        .With(shopEvent.RecommendationId)
        .With(shopEvent.UndoesEventId)
        .WithTextOrNull(shopEvent.Answer is { } answer ? AnswerJson.Write(answer) : null)
        .With(shopEvent.Text)
        .With(shopEvent.IsGift ? 1 : 0);

    public static StoredEvent Read(Statement row) => new(row.Long(0), new ShopEvent
    {
        EventId = row.Text(1),
        Type = row.Text(2),
        Person = row.Person(3),
        ItemId = row.TextOrNull(5),
        Quantity = row.Double(6),
        Price = row.DecimalOrNull(7),
        Currency = row.TextOrNull(8),
        Rating = row.DoubleOrNull(9),
        Channel = row.TextOrNull(10),
        OrderId = row.TextOrNull(11),
        OccurredAt = row.Instant(12),
        RecommendationId = row.TextOrNull(13),
        UndoesEventId = row.TextOrNull(14),
        Answer = row.IsNull(15) ? null : AnswerJson.Read(row.Utf8Text(15)),
        Text = row.TextOrNull(16),
        IsGift = row.Long(17) != 0,
    });
}
