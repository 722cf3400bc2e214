using Recommender.Interactions;
using Recommender.LifeCycle;

namespace Recommender.Relationship;

/// <summary>Something that went wrong for a customer.</summary>
/// <param name="Kind">"return", "low rating", "complaint".</param>
/// <param name="Text">For a person to read; empty where nothing was said.</param>
public sealed record CustomerIssue(DateOnly On, string Kind, string? ItemId, string Text)
{
    /// <summary>At most that many stars are an issue.</summary>
    public const double LowRating = 2;

    /// <summary>Returns and low ratings of one person, newest first; complaints come from where they are kept.</summary>
    public static IReadOnlyList<CustomerIssue> Of(IReadOnlyList<ShopEvent> events, ShopCalendar calendar, DateTimeOffset now) =>
    [
        .. from happened in StandingEvents.Of(events)
           where happened.OccurredAt <= now && (happened.Type == EventTypes.Return || happened.Rating <= LowRating)
           orderby happened.OccurredAt descending
           select happened.Type == EventTypes.Return
               ? new CustomerIssue(calendar.DayOf(happened.OccurredAt), "return", happened.ItemId, $"brought back {happened.Quantity:0.##}")
               : new CustomerIssue(calendar.DayOf(happened.OccurredAt), "low rating", happened.ItemId, $"gave {happened.Rating:0.#} of 5 stars"),
    ];
}

/// <param name="Weight">How strong it is, in the order of the taste profile.</param>
public sealed record BriefingTaste(string Name, double Weight);

/// <param name="Why">The first reason of the recommendation.</param>
public sealed record BriefingOffer(string ItemId, string Title, string Why);

/// <summary>What a person who takes over should know, on one page.</summary>
public sealed record Briefing
{
    public const int MostTastes = 5;
    public const int MostIssues = 5;
    public const int MostOffers = 3;

    public required string CustomerId { get; init; }

    /// <summary>Why a person takes over.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required LifeCycleStage Stage { get; init; }

    /// <summary>Where the customer stands, in one sentence with numbers.</summary>
    public required string Standing { get; init; }

    /// <summary>Strongest first.</summary>
    public required IReadOnlyList<BriefingTaste> Tastes { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<CustomerIssue> LastIssues { get; init; }

    /// <summary>What to offer. Nothing the customer had trouble with lately.</summary>
    public required IReadOnlyList<BriefingOffer> Offers { get; init; }

    /// <param name="offers">Best first, more than three: those with an issue are passed over.</param>
    public static Briefing Of(string customerId, HandOverDecision decision, LifeCycleStage stage, string standing, IEnumerable<BriefingTaste> tastes,
        IReadOnlyList<CustomerIssue> issues, IEnumerable<BriefingOffer> offers)
    {
        HashSet<string> troubled = [.. issues.Where(issue => issue.ItemId is not null).Select(issue => issue.ItemId!)];
        return new Briefing
        {
            CustomerId = customerId,
            Reasons = decision.Reasons,
            Stage = stage,
            Standing = standing,
            Tastes = [.. tastes.OrderByDescending(taste => taste.Weight).ThenBy(taste => taste.Name, StringComparer.Ordinal).Take(MostTastes)],
            LastIssues = [.. issues.OrderByDescending(issue => issue.On).Take(MostIssues)],
            Offers = [.. offers.Where(offer => !troubled.Contains(offer.ItemId)).Take(MostOffers)],
        };
    }
}
