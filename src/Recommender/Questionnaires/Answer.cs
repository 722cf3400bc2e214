namespace Recommender.Questionnaires;

/// <summary>What became of a question that was asked.</summary>
public enum AnswerKind
{
    Given,

    /// <summary>Not now: it may be asked again, and an earlier answer stands.</summary>
    Skipped,

    /// <summary>Rather not say: it is not asked again, and an earlier answer no longer stands.</summary>
    Declined,

    /// <summary>An earlier answer is taken back.</summary>
    Withdrawn,
}

/// <summary>
/// One person's word on one question, as an event carries it. Of several answers to a question the newest that is not a skip stands,
/// whichever version of the questionnaire asked.
/// </summary>
public sealed record Answer(string QuestionnaireId, int Version, string QuestionId, AnswerKind Kind)
{
    /// <summary>Set exactly if the answer is given.</summary>
    public AnswerValue? Value { get; init; }

    /// <summary>The session it was given in; null for one that was imported or taken down by staff.</summary>
    public string? SessionId { get; init; }

    /// <summary>Who says so: "customer", or "staff", "import" or the shop's own word.</summary>
    public string Source { get; init; } = "customer";
}
