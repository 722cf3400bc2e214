using Recommender.Interactions;

namespace Recommender.LifeCycle;

/// <summary>Everything of one person that stages and indicators are judged by. Lists may be in any order but for the events.</summary>
/// <param name="Events">What the person did, over all linked visitors, in log order, undo events included.</param>
public sealed record RelationshipEvidence(IReadOnlyList<ShopEvent> Events)
{
    /// <summary>When the person registered, or answered a questionnaire: from then on they know the shop.</summary>
    public IReadOnlyList<DateTimeOffset> Introductions { get; init; } = [];

    /// <summary>Answers to questions of satisfaction, as scores.</summary>
    public IReadOnlyList<SatisfactionAnswer> SatisfactionAnswers { get; init; } = [];

    public IReadOnlyList<DateTimeOffset> Complaints { get; init; } = [];

    /// <summary>Contacts that were made with the person, and whether they reacted.</summary>
    public IReadOnlyList<RelationshipContact> Contacts { get; init; } = [];
}

/// <param name="Score">0 as unhappy as the question allows, 1 as happy.</param>
public readonly record struct SatisfactionAnswer(DateTimeOffset At, double Score);

/// <param name="Answered">Opened and followed, replied to, talked.</param>
public readonly record struct RelationshipContact(DateTimeOffset At, bool Answered);
