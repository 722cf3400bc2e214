using System.Collections.Frozen;
using System.Globalization;
using Recommender.Questionnaires;

namespace Recommender.Server.Questionnaires;

/// <param name="Means">The items that somebody who answered so will like, as an expression; empty says nothing.</param>
internal sealed record AnswerMeaning(LocalText Question, LocalText Option, string Means);

/// <summary>
/// What each answer column says, by its key. Where versions differ the newest holds, and what a new version deleted keeps the meaning it
/// had: whoever answered so has still said it.
/// </summary>
internal sealed class AnswerMeanings
{
    private readonly FrozenDictionary<string, AnswerMeaning> _byColumn;

    private AnswerMeanings(IReadOnlyDictionary<string, AnswerMeaning> byColumn) => _byColumn = byColumn.ToFrozenDictionary(StringComparer.Ordinal);

    public static AnswerMeanings None { get; } = new(new Dictionary<string, AnswerMeaning>());

    public AnswerMeaning? Find(string column) => _byColumn.GetValueOrDefault(column);

    public static AnswerMeanings Of(IEnumerable<Questionnaire> questionnaires)
    {
        var byColumn = new Dictionary<string, AnswerMeaning>(StringComparer.Ordinal);
        foreach (var questionnaire in questionnaires.Where(one => one.Version > 0).OrderBy(one => one.Version))
        {
            foreach (var question in questionnaire.Questions)
            {
                foreach (var (option, text, means) in OptionsOf(question))
                    byColumn[AnswerColumns.KeyOf(questionnaire.Id, question.Id, option)] = new AnswerMeaning(question.Text, text, means);
            }
        }
        return new AnswerMeanings(byColumn);
    }

    private static IEnumerable<(string Option, LocalText Text, string Means)> OptionsOf(Question question) => question switch
    {
        Question.Choice choice => choice.Options.Select(option => (option.Id, option.Text, option.Means)),
        Question.Scale scale => Enumerable.Range(scale.From, scale.To - scale.From + 1)
            .Select(point => (point.ToString(CultureInfo.InvariantCulture), scale.Labels.GetValueOrDefault(point, LocalText.Empty), "")),
        _ => [],
    };
}
