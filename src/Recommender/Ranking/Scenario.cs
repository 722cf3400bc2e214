using System.Collections.Immutable;
using Recommender.LifeCycle;
using Recommender.Pressure;

namespace Recommender.Ranking;

/// <summary>The behaviour behind a box.</summary>
public enum Strategy { Personalised, Similar, Popular }

/// <summary>A place where recommendations are shown ("home", "cart", "mail-weekly"), as the shop defined it.</summary>
public sealed record Scenario(string Id)
{
    public Strategy Strategy { get; init; } = Strategy.Personalised;

    /// <summary>An expression that items must satisfy to be shown here; empty lets every available item in.</summary>
    public string Filter { get; init; } = "";

    /// <summary>How many items are answered where a request asks for no number; 1 to 1,000.</summary>
    public int DefaultCount { get; init; } = 10;

    /// <summary>Whether items the person has bought or looked at may be shown again (consumables). Rejected ones never are.</summary>
    public bool OfferBoughtAgain { get; init; }

    /// <summary>Where it is shown, where a request does not say: whose budgets and consent it goes by.</summary>
    public string Channel { get; init; } = ContactPolicy.Web;

    public RotationOptions Rotation { get; init; } = new();

    /// <summary>What is different for people in a stage; a stage that is missing has no behaviour of its own.</summary>
    public ImmutableSortedDictionary<LifeCycleStage, StageBehaviour> Stages { get; init; } = ImmutableSortedDictionary<LifeCycleStage, StageBehaviour>.Empty;

    /// <summary>What changes for people with whom things do not go well. Every one that holds counts.</summary>
    public ImmutableArray<Guardrail> Guardrails { get; init; } = [];

    /// <summary>What is ranked higher or lower here; the factors of those that match an item multiply.</summary>
    public ImmutableArray<BoostRule> Boosts { get; init; } = [];

    /// <summary>Whether an answer depends on how the relationship stands.</summary>
    public bool KnowsRelationship => !Stages.IsEmpty || !Guardrails.IsEmpty;

    /// <summary>All that its answers may ask of the catalogue; some may be blank.</summary>
    public IEnumerable<string> AllFilters() =>
        [Filter, .. Stages.Values.Select(stage => stage.Filter), .. Guardrails.Select(guardrail => guardrail.Filter), .. Boosts.Select(boost => boost.Filter)];
}
