using System.Collections.Immutable;

namespace Recommender.Questionnaires;

public enum QuestionnairePurpose
{
    /// <summary>Getting to know somebody: what they answered before, in any session, is not asked again.</summary>
    Onboarding,

    /// <summary>How content they are: each session asks anew.</summary>
    Satisfaction,

    /// <summary>What many think. Each session asks anew.</summary>
    Poll,
}

/// <summary>One version of a questionnaire as its author wrote it; README.md has the JSON form. A published version never changes.</summary>
public sealed record Questionnaire(string Id)
{
    public const int MostQuestions = 200;

    /// <summary>From 1; 0 is the draft.</summary>
    public int Version { get; init; }

    public QuestionnairePurpose Purpose { get; init; }

    /// <summary>The language every text is written in, whatever others it is written in too.</summary>
    public string Language { get; init; } = "en";

    public LocalText Title { get; init; } = LocalText.Empty;

    public ImmutableArray<Question> Questions { get; init; } = [];

    /// <summary>Asks in the order of <see cref="Questions"/>; otherwise the question that is expected to teach most comes next.</summary>
    public bool FixedOrder { get; init; }

    /// <summary>No more than this many are put to one person; null asks all that apply.</summary>
    public int? MaxQuestions { get; init; }

    /// <summary>Ends when no question is expected to settle this part, 0 to 1, of what is uncertain of their taste; 0 goes on to the last.</summary>
    public double GainThreshold { get; init; }

    public Question? Find(string questionId) => Questions.FirstOrDefault(question => question.Id == questionId);
}
