using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Server.Relationships;

/// <summary>Where somebody stands, as far as an answer to them depends on it.</summary>
internal sealed record RelationshipView
{
    public required LifeCycleStage Stage { get; init; }

    /// <summary>The day the stage began on, by the shop's calendar.</summary>
    public required DateOnly Since { get; init; }

    /// <summary>Where they stand today, in one sentence with numbers.</summary>
    public required string Reason { get; init; }

    /// <summary>Null where nothing is known that speaks of it.</summary>
    public Indicator? Satisfaction { get; init; }

    public Indicator? Intensity { get; init; }

    public bool IsKeyAccount { get; init; }

    /// <summary>Why a person should take over; empty where none should.</summary>
    public string HandOver { get; init; } = "";

    /// <summary>What comes up within the lead time, soonest first, and replenishments somewhat overdue.</summary>
    public IReadOnlyList<Occasion> Occasions { get; init; } = [];

    /// <summary>The last event before the present session; null if there was none.</summary>
    public DateTimeOffset? LastVisit { get; init; }

    /// <summary>Items put into the cart and neither bought nor taken out since, newest first.</summary>
    public IReadOnlyList<string> LeftInCart { get; init; } = [];
}
