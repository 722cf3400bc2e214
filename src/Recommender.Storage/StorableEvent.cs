using Recommender.Interactions;

namespace Recommender.Storage;

/// <summary>What every engine asks of an event before it takes it.</summary>
internal static class StorableEvent
{
    /// <exception cref="ArgumentException">The event could not be given back as it was sent.</exception>
    public static void Check(ShopEvent shopEvent, int index)
    {
        const string Owner = "event";
        string id = shopEvent.EventId;
        Storable.RequireId(id, Owner, index);
        Storable.RequireNotEmpty(shopEvent.Type, Owner, id, "type");
        Storable.RequirePerson(shopEvent.Person, Owner, id);
        Storable.RequireText(shopEvent.ItemId, Owner, id, "item_id");
        Storable.RequireText(shopEvent.Currency, Owner, id, "currency");
        Storable.RequireText(shopEvent.Channel, Owner, id, "channel");
        Storable.RequireText(shopEvent.OrderId, Owner, id, "order_id");
        Storable.RequireText(shopEvent.RecommendationId, Owner, id, "recommendation_id");
        Storable.RequireText(shopEvent.UndoesEventId, Owner, id, "undoes_event_id");
        Storable.RequireText(shopEvent.Text, Owner, id, "text");
        Storable.RequireNumber(shopEvent.Quantity, Owner, id, "quantity");
        Storable.RequireNumber(shopEvent.Rating ?? 0, Owner, id, "rating");
        if (shopEvent.Answer is { } answer) AnswerJson.Check(answer, Owner, id);
    }
}
