using System.Collections.Frozen;
using System.Globalization;
using Recommender.Catalogue;
using Recommender.Questionnaires;

namespace Recommender.Server.Questionnaires;

/// <param name="Means">The items that somebody who answered so will like, as an expression; empty says nothing.</param>
internal sealed record AnswerMeaning(string Question, string Option, string Means);

/// <summary>
/// What answers say, in the words of their questionnaires' own languages. Where versions differ the newest holds, and what a new version
/// deleted keeps the meaning it had: whoever answered so has still said it.
/// </summary>
public sealed class AnswerMeanings
{
    private readonly FrozenDictionary<string, AnswerMeaning> _byColumn;
    private readonly FrozenDictionary<(string Questionnaire, string Question), string> _questions;

    private readonly FrozenDictionary<string, string[]> _beside;

    private AnswerMeanings(Dictionary<string, AnswerMeaning> byColumn, Dictionary<(string, string), string> questions, Dictionary<string, string[]> beside)
    {
        _byColumn = byColumn.ToFrozenDictionary(StringComparer.Ordinal);
        _questions = questions.ToFrozenDictionary();
        _beside = beside.ToFrozenDictionary(StringComparer.Ordinal);
    }

    internal static AnswerMeanings None { get; } = new([], [], []);

    internal AnswerMeaning? Find(string column) => _byColumn.GetValueOrDefault(column);

    /// <summary>The columns of the question that a column belongs to, itself among them.</summary>
    internal IReadOnlyList<string> OptionsBeside(string column) => _beside.GetValueOrDefault(column, []);

    /// <summary>The text of a question, or its id where the shop has it no more.</summary>
    internal string QuestionOf(Answer answer) =>
        _questions.GetValueOrDefault((answer.QuestionnaireId, answer.QuestionId), answer.QuestionId);

    /// <summary>What was answered; empty for a question that was not.</summary>
    internal string InWords(Answer answer, Shelves shelves) => answer.Value switch
    {
        AnswerValue.Choice choice => string.Join(", ", choice.OptionIds.Select(option => OptionOf(answer, option))),
        AnswerValue.Scale scale => OptionOf(answer, scale.Point.ToString(CultureInfo.InvariantCulture)),
        AnswerValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        AnswerValue.Date date => QuestionMapping.Written(date.Value),
        AnswerValue.Text text => text.Value,
        AnswerValue.Items items => string.Join(", ", items.Opinions.Where(one => one.Opinion == Opinion.Likes).Select(one => shelves.Find(one.ItemId)?.Title ?? one.ItemId)) is { Length: > 0 } liked ? liked : "none of them",
        _ => "",
    };

    /// <summary>For the person whose answer it is.</summary>
    internal string Sentence(Answer answer, Shelves shelves) => answer.Kind switch
    {
        AnswerKind.Skipped => $"You passed over \"{QuestionOf(answer)}\"",
        AnswerKind.Declined => $"You would rather not answer \"{QuestionOf(answer)}\"",
        AnswerKind.Withdrawn => $"You took back your answer to \"{QuestionOf(answer)}\"",
        _ => $"You answered {InWords(answer, shelves)} to \"{QuestionOf(answer)}\"",
    };

    internal static AnswerMeanings Of(IEnumerable<Questionnaire> questionnaires)
    {
        var byColumn = new Dictionary<string, AnswerMeaning>(StringComparer.Ordinal);
        var questions = new Dictionary<(string, string), string>();
        var beside = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var questionnaire in questionnaires.Where(one => one.Version > 0).OrderBy(one => one.Version))
        {
            foreach (var question in questionnaire.Questions)
            {
                string text = question.Text.In(questionnaire.Language);
                questions[(questionnaire.Id, question.Id)] = text;
                string[] columns = [.. OptionsOf(question).Select(option => AnswerColumns.KeyOf(questionnaire.Id, question.Id, option.Option))];
                foreach (string column in columns) beside[column] = columns;
                foreach (var (option, words, means) in OptionsOf(question))
                    byColumn[AnswerColumns.KeyOf(questionnaire.Id, question.Id, option)] = new AnswerMeaning(text, words.In(questionnaire.Language) is { Length: > 0 } named ? named : option, means);
            }
        }
        return new AnswerMeanings(byColumn, questions, beside);
    }

    private string OptionOf(Answer answer, string option) =>
        Find(AnswerColumns.KeyOf(answer.QuestionnaireId, answer.QuestionId, option))?.Option ?? option;

    internal static IEnumerable<(string Option, LocalText Text, string Means)> OptionsOf(Question question) => question switch
    {
        Question.Choice choice => choice.Options.Select(option => (option.Id, option.Text, option.Means)),
        Question.Scale scale => Enumerable.Range(scale.From, scale.To - scale.From + 1)
            .Select(point => (point.ToString(CultureInfo.InvariantCulture), scale.Labels.GetValueOrDefault(point, LocalText.Empty), "")),
        _ => [],
    };
}
