namespace Recommender.Interactions;

/// <summary>What is wrong with one field of an event; <paramref name="Problem"/> ends a sentence that begins with the field.</summary>
public readonly record struct EventFault(string Field, string Problem);

/// <summary>What makes an event worth keeping. The server and the importers ask the same rules, so that what one takes the other takes too.</summary>
public static class EventRules
{
    /// <summary>Clocks of shops run ahead a little; more than this is a mistake.</summary>
    public static readonly TimeSpan LargestLead = TimeSpan.FromDays(1);

    /// <summary>Units in one event. A wholesaler's order fits; a slip of the keyboard does not.</summary>
    public const double LargestQuantity = 1_000_000;

    /// <summary>Characters of a review or a complaint.</summary>
    public const int LongestText = 10_000;

    private static readonly DateTimeOffset _earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All faults of an event, none if it may be recorded. Whether its type is known is for the confidence options to say.</summary>
    public static IEnumerable<EventFault> Faults(ShopEvent shopEvent, DateTimeOffset now)
    {
        if (Identifier.ProblemWith(shopEvent.EventId) is { } eventId) yield return new("event_id", eventId);
        string personField = shopEvent.Person.Kind == PersonKind.Customer ? "customer_id" : "visitor_id";
        if (Identifier.ProblemWith(shopEvent.Person.Id ?? "") is { } person) yield return new(personField, person);
        if (NeedsItem(shopEvent) && Identifier.ProblemWith(shopEvent.ItemId ?? "") is { } item) yield return new("item_id", item);
        if (shopEvent.Type == EventTypes.Undo && Identifier.ProblemWith(shopEvent.UndoesEventId ?? "") is { } undone) yield return new("undoes_event_id", undone);
        foreach (var (field, value) in Optional(shopEvent))
        {
            if (value is not null && Identifier.ProblemWith(value) is { } problem) yield return new(field, problem);
        }
        if (!(shopEvent.Quantity is > 0 and <= LargestQuantity)) yield return new("quantity", $"is {shopEvent.Quantity}, it must be above 0 and at most {LargestQuantity:N0}");
        foreach (var fault in PriceFaults(shopEvent)) yield return fault;
        foreach (var fault in RatingFaults(shopEvent)) yield return fault;
        foreach (var fault in TextFaults(shopEvent)) yield return fault;
        if (shopEvent.OccurredAt > now + LargestLead)
            yield return new("occurred_at", $"is {shopEvent.OccurredAt:O}, more than {LargestLead.TotalHours:0} hours ahead of this server's clock ({now:O})");
        if (shopEvent.OccurredAt < _earliest) yield return new("occurred_at", $"is {shopEvent.OccurredAt:O}, before 1970");
    }

    private static IEnumerable<(string Field, string? Value)> Optional(ShopEvent shopEvent) =>
        [("channel", shopEvent.Channel), ("order_id", shopEvent.OrderId), ("recommendation_id", shopEvent.RecommendationId)];

    private static IEnumerable<EventFault> PriceFaults(ShopEvent shopEvent)
    {
        if (shopEvent.Price is < 0) yield return new("price", $"is {shopEvent.Price}, it must not be negative");
        if (shopEvent.Currency is { } currency && !(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper)))
            yield return new("currency", $"is \"{currency}\", it must be three capital letters (ISO 4217), such as EUR");
        if (shopEvent.Price is not null && shopEvent.Currency is null) yield return new("currency", "is missing; a price needs one, such as EUR");
    }

    /// <summary>A complaint may be about an item; what it names must be an id all the same.</summary>
    private static bool NeedsItem(ShopEvent shopEvent) => shopEvent.Type switch
    {
        EventTypes.Undo or EventTypes.Answer => false,
        EventTypes.Complaint => shopEvent.ItemId is { Length: > 0 },
        _ => true,
    };

    private static IEnumerable<EventFault> RatingFaults(ShopEvent shopEvent)
    {
        if (shopEvent.Type == EventTypes.Rating && shopEvent.Rating is null) yield return new("rating", "is missing; an event of type rating needs one, 0 to 5");
        if (shopEvent.Type is not (EventTypes.Rating or EventTypes.Review) && shopEvent.Rating is not null)
            yield return new("rating", $"belongs to events of type rating or review, not {shopEvent.Type}");
        if (shopEvent.Rating is { } stars && !(stars is >= 0 and <= 5)) yield return new("rating", $"is {stars}, it must be 0 to 5");
    }

    private static IEnumerable<EventFault> TextFaults(ShopEvent shopEvent)
    {
        if (shopEvent.Type == EventTypes.Review && shopEvent.Rating is null && string.IsNullOrWhiteSpace(shopEvent.Text))
            yield return new("text", "is missing; a review has a text, a rating or both");
        if (shopEvent.Text is { Length: > LongestText }) yield return new("text", $"has {shopEvent.Text.Length} characters, at most {LongestText:N0} are kept");
        if (shopEvent.Text is { } text && Identifier.HasLoneSurrogate(text)) yield return new("text", "is not valid text (half a surrogate pair)");
    }
}
