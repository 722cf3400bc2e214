using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Questionnaires;

/// <summary>Counts how often questions were answered when they were put to somebody, rather than passed over or declined.</summary>
internal sealed class ResponseCounts
{
    /// <summary>What is expected of a question before it was ever put.</summary>
    public const double Unknown = 0.9;

    // So many responses weigh as much as that expectation.
    private const double Steadying = 10;

    private readonly Dictionary<string, (int Put, int Answered)> _counts = new(StringComparer.Ordinal);

    /// <summary>What was recorded elsewhere says nothing: who did not answer there is not on record.</summary>
    public void Add(ShopEvent happened)
    {
        if (happened.Answer is not { SessionId: not null, Kind: not AnswerKind.Withdrawn } answer) return;
        string question = AnswerColumns.QuestionOf(answer);
        var (put, answered) = _counts.GetValueOrDefault(question);
        _counts[question] = (put + 1, answered + (answer.Kind == AnswerKind.Given ? 1 : 0));
    }

    /// <summary>The chance of an answer, 0 to 1, by question.</summary>
    public ImmutableSortedDictionary<string, double> Chances => _counts.ToImmutableSortedDictionary(
        one => one.Key, one => Math.Round((one.Value.Answered + Unknown * Steadying) / (one.Value.Put + Steadying), 4), StringComparer.Ordinal);
}
