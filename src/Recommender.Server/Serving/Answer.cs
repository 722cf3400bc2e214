using Recommender.Catalogue;
using Recommender.LifeCycle;
using Recommender.Pressure;
using Recommender.Ranking;

namespace Recommender.Server.Serving;

/// <summary>What is answered: the record that is kept of it, and what only this caller needs.</summary>
/// <param name="Degraded">Why the answer is less than it could be; empty for a service in full health.</param>
/// <param name="NextPageToken">Empty when nothing follows.</param>
/// <param name="Shelves">The catalogue it was made from.</param>
public sealed record Answer(ServedRecommendation Served, string Degraded, string NextPageToken, Shelves Shelves)
{
    /// <summary>Whether the person should be addressed at all; where not, there are no items.</summary>
    public PressureDecision Pressure { get; init; } = PressureDecision.GoAhead;

    /// <summary>The life-cycle stage the answer went by; null where it went by none.</summary>
    public LifeCycleStage? Stage { get; init; }

    /// <summary>Why a person should take over; empty where none should.</summary>
    public string HandOver { get; init; } = "";
}

/// <summary>What an answer, or one of its items, was made from.</summary>
public static class Source
{
    public const string Personalised = "personalised";
    public const string Session = "session";
    public const string Similar = "similar";
    public const string Popular = "popular";

    /// <summary>The kind of reason of what multiplied a score.</summary>
    public const string Boost = "boost";

    public const string Cart = "cart";
    public const string Replenish = "replenish";
    public const string New = "new";

    /// <summary>Somebody should not be addressed here and now.</summary>
    public const string Silence = "silence";

    /// <summary>Nothing has been learned yet: what the catalogue has, in its order.</summary>
    public const string Catalogue = "catalogue";
}
