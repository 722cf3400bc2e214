using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Ranking;

/// <summary>One answer of the service as it was given.</summary>
/// <param name="Person">Null for a call that named nobody.</param>
/// <param name="ServedBy">personalised, session, similar, popular.</param>
public sealed record ServedRecommendation(string RecommendationId, DateTimeOffset ServedAt, Person? Person, string Scenario, string ServedBy,
    string ModelVersion, ImmutableArray<ServedItem> Items);

/// <summary>An item as it was shown, with the source it came from and the reasons given. A value, for the same reason as these.</summary>
public readonly record struct ServedItem(string ItemId, float Score, string Source, ImmutableArray<ServedReason> Reasons);

/// <summary>
/// A value, since an answer has up to eighty of them and waits until it is written down: collecting garbage then moves ten arrays, not a
/// hundred objects.
/// </summary>
/// <param name="Kind">The event type or answer that speaks for the item: "purchase", "view", "popular".</param>
/// <param name="ItemId">The item of the person's history that speaks for it; empty where none does.</param>
/// <param name="Share">Its part of the score, 0 to 1.</param>
public readonly record struct ServedReason(string Kind, string ItemId, float Share)
{
    /// <summary>The reason in words, where they are made with it; empty where they follow from the kind and the item.</summary>
    public string Text
    {
        get => field ?? "";
        // Null stands in what was written elsewhere.
        init => field = string.IsNullOrEmpty(value) ? null : value;
    }
}
