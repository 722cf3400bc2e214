using Google.Protobuf.WellKnownTypes;
using Recommender.Interactions;
using Recommender.Server.Errors;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Ingest;

/// <summary>Events from the protocol into the domain, with everything that is wrong with them.</summary>
internal sealed class EventMapping(ConfidenceOptions confidence, TimeProvider time)
{
    /// <summary>Begins the ids of undo events. They are ours, so they may be longer than a shop's.</summary>
    public const string UndoPrefix = "undo:";

    public ShopEvent FromWire(Wire.Event wire, string path, RequestCheck check)
    {
        var now = time.GetUtcNow();
        var shopEvent = new ShopEvent
        {
            EventId = wire.EventId,
            Type = wire.Type,
            Person = wire.PersonCase == Wire.Event.PersonOneofCase.VisitorId ? Person.Visitor(wire.VisitorId) : Person.Customer(wire.CustomerId),
            ItemId = wire is { Type: EventTypes.Complaint, ItemId: "" } ? null : wire.ItemId,
            Quantity = wire.HasQuantity ? wire.Quantity : 1,
            Price = wire.HasPrice ? Price(wire.Price, path, check) : null,
            Currency = NullIfEmpty(wire.Currency),
            Rating = wire.HasRating ? wire.Rating : null,
            Channel = NullIfEmpty(wire.Channel),
            OrderId = NullIfEmpty(wire.OrderId),
            OccurredAt = wire.OccurredAt is null ? now : WireTime.Read(wire.OccurredAt, path + "occurred_at", check),
            RecommendationId = NullIfEmpty(wire.RecommendationId),
            Text = NullIfEmpty(wire.Text),
            IsGift = wire.Gift,
        };
        if (wire.PersonCase == Wire.Event.PersonOneofCase.None) check.Add(path + "customer_id", "is missing; give a customer_id or a visitor_id");
        if (wire.Type == EventTypes.Undo) check.Add(path + "type", "is undo; take an event back with UndoEvent");
        else if (wire.Type == EventTypes.Answer) check.Add(path + "type", "is answer; answers come through QuestionnaireService");
        else if (confidence.ProblemWith(wire.Type) is { } problem) check.Add(path + "type", problem);
        if (wire.EventId.StartsWith(UndoPrefix, StringComparison.Ordinal)) check.Add(path + "event_id", $"begins with \"{UndoPrefix}\", which is kept for UndoEvent; use another");
        foreach (var fault in EventRules.Faults(shopEvent, now))
        {
            bool said = fault.Field == "customer_id" && wire.PersonCase == Wire.Event.PersonOneofCase.None;
            if (!said) check.Add(path + fault.Field, fault.Problem);
        }
        return shopEvent;
    }

    public static Wire.Event ToWire(ShopEvent happened)
    {
        var wire = new Wire.Event
        {
            EventId = happened.EventId,
            Type = happened.Type,
            ItemId = happened.ItemId ?? "",
            Quantity = happened.Quantity,
            Currency = happened.Currency ?? "",
            Channel = happened.Channel ?? "",
            OrderId = happened.OrderId ?? "",
            OccurredAt = Timestamp.FromDateTimeOffset(happened.OccurredAt),
            RecommendationId = happened.RecommendationId ?? "",
            Text = happened.Text ?? "",
            Gift = happened.IsGift,
        };
        if (happened.Person.Kind == PersonKind.Customer) wire.CustomerId = happened.Person.Id;
        else wire.VisitorId = happened.Person.Id;
        if (happened.Price is { } price) wire.Price = (double)price;
        if (happened.Rating is { } stars) wire.Rating = stars;
        return wire;
    }

    private static decimal Price(double price, string path, RequestCheck check)
    {
        if (Math.Abs(price) <= 1e12) return (decimal)price; // false for NaN as well
        check.Add(path + "price", $"is {price}, it must be a finite number up to a million millions");
        return 0;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
