using Recommender.Questionnaires;

namespace Recommender.Interactions;

/// <summary>
/// One thing that happened in the shop, on any channel. Events are the truth: they are only ever appended, and everything else that is
/// known of a taste is derived from them.
/// </summary>
public sealed record ShopEvent
{
    /// <summary>Chosen by the shop. The same id with the same content is the same event; with other content it is a conflict.</summary>
    public required string EventId { get; init; }

    /// <summary>What happened, one of <see cref="EventTypes"/> or a type the shop gave a weight.</summary>
    public required string Type { get; init; }

    public required Person Person { get; init; }

    /// <summary>Null for an undo and an answer; a complaint may do without.</summary>
    public string? ItemId { get; init; }

    /// <summary>Units bought or returned; positive.</summary>
    public double Quantity { get; init; } = 1;

    /// <summary>Price of one unit, in <see cref="Currency"/>.</summary>
    public decimal? Price { get; init; }

    /// <summary>ISO 4217, three capital letters.</summary>
    public string? Currency { get; init; }

    /// <summary>Stars of a rating, 0 to 5.</summary>
    public double? Rating { get; init; }

    /// <summary>Where it happened: "web", "store", "mail", "call" or the shop's own word.</summary>
    public string? Channel { get; init; }

    /// <summary>The order or basket it belongs to.</summary>
    public string? OrderId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The answer of the service that led to it, so that its success can be attributed.</summary>
    public string? RecommendationId { get; init; }

    /// <summary>For the type "undo": the event that is taken back as if it had not happened.</summary>
    public string? UndoesEventId { get; init; }

    /// <summary>For the type "answer": what was said to which question.</summary>
    public Answer? Answer { get; init; }

    /// <summary>What the person wrote: the text of a review or a complaint.</summary>
    public string? Text { get; init; }

    /// <summary>Bought for somebody else: it belongs to the relationship, and says nothing of the buyer's own taste.</summary>
    public bool IsGift { get; init; }
}
