namespace Recommender.LifeCycle;

/// <summary>How far a relationship has come, in this order. <see cref="StageRules"/> decides; <see cref="StageDefinitions"/> says it in words.</summary>
public enum LifeCycleStage
{
    Exploration = 0,
    Awareness = 1,
    Expansion = 2,
    Engagement = 3,
    Dissolution = 4,
}

/// <summary>A change of stage.</summary>
/// <param name="On">The day it happened on, by the shop's calendar: for a broken rhythm the day it broke, not the day somebody looked.</param>
/// <param name="Reason">In words with numbers: "bought every 21 days, silent for 58; P(alive) 0.49".</param>
public sealed record StageTransition(LifeCycleStage From, LifeCycleStage To, DateOnly On, string Reason);

/// <summary>What each stage means, for people who do not read code.</summary>
public static class StageDefinitions
{
    /// <summary>The stage's definition in one or two sentences.</summary>
    public static string Of(LifeCycleStage stage) => stage switch
    {
        LifeCycleStage.Exploration => "Looks around: has not bought, and has not registered or answered anything yet.",
        LifeCycleStage.Awareness => "Knows the shop: has bought on one day, or has registered or answered questions.",
        LifeCycleStage.Expansion => "Buying grows: has bought again, or came back to buy after a long silence, "
            + "and still buys more often or in new categories.",
        LifeCycleStage.Engagement => "Has a settled rhythm of buying and keeps it: several purchases in a row brought nothing new but the next visit.",
        LifeCycleStage.Dissolution => "The own rhythm is broken: silent for much longer than usual for this customer, "
            + "and probably gone. The next purchase ends it.",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "There is no such stage."),
    };
}
