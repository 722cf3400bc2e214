using Recommender.Interactions;

namespace Recommender.Questionnaires;

/// <summary>Somebody going through one version of a questionnaire, on whatever devices. What they answered is in the event log.</summary>
public sealed record QuestionnaireSession(string Id, string QuestionnaireId, int Version, Person Person, string Language, DateTimeOffset StartedAt)
{
    /// <summary>Null while it goes on; after it no answer is taken.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
