using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Storage.Tests.Contracts;

internal static class Events
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public static ShopEvent View(string id, string customer = "ann", string item = "book-1") => new()
    {
        EventId = id,
        Type = EventTypes.View,
        Person = Person.Customer(customer),
        ItemId = item,
        OccurredAt = Noon,
    };

    public static ShopEvent[] Views(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => View($"{prefix}-{i}"))];

    /// <summary>Every field set.</summary>
    public static ShopEvent Purchase(string id) => new()
    {
        EventId = id,
        Type = EventTypes.Purchase,
        Person = Person.Visitor("cookie-7"),
        ItemId = "book-1",
        Quantity = 2.5,
        Price = 12.95m,
        Currency = "EUR",
        Rating = 4.5,
        Channel = "store",
        OrderId = "order-9",
        OccurredAt = Noon,
        RecommendationId = "rec-3",
        UndoesEventId = "earlier",
        Answer = new Answer("taste", 2, "genres", AnswerKind.Given) { Value = new AnswerValue.Choice(["crime", "poetry"]), SessionId = "s-1", Source = "staff" },
        Text = "A present, \"and\" a good one: 📚",
        IsGift = true,
    };

    public static async Task<List<StoredEvent>> ReadAllAsync(this IEventLog log, Tenant tenant, long after = 0)
    {
        var events = new List<StoredEvent>();
        await foreach (StoredEvent stored in log.ReadSinceAsync(tenant, after, TestContext.Current.CancellationToken)) events.Add(stored);
        return events;
    }
}
