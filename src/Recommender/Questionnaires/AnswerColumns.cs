using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Questionnaires;

/// <summary>
/// Answers as interactions: an option is a column of the factorization beside the items, learned with them. Its key has tabs, which no
/// item's id may have, so the two cannot meet; it has no version, so that what one version taught holds in the next.
/// </summary>
public static class AnswerColumns
{
    private const string Prefix = "answer\t";

    public static string KeyOf(string questionnaireId, string questionId, string optionId) =>
        $"{Prefix}{questionnaireId}\t{questionId}\t{optionId}";

    public static bool IsColumn(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What may be recommended among columns: everything but answers.</summary>
    public static ItemMask ItemsAmong(Vocabulary columns)
    {
        var items = new ItemMask(columns.Count);
        for (int column = 0; column < columns.Count; column++)
        {
            if (!IsColumn(columns[column])) items.Set(column);
        }
        return items;
    }

    /// <summary>The questionnaire, question and option of a column's key.</summary>
    public static bool TryParse(string key, out string questionnaireId, out string questionId, out string optionId)
    {
        bool column = key.Split('\t') is [_, _, _, _] && IsColumn(key);
        (questionnaireId, questionId, optionId) = key.Split('\t') is [_, var first, var second, var third] && column ? (first, second, third) : ("", "", "");
        return column;
    }

    /// <summary>For people and other programs: <c>questionnaire/question/option</c>. What is no column stays as it is.</summary>
    public static string Readable(string key) => IsColumn(key) ? key[Prefix.Length..].Replace('\t', '/') : key;

    /// <summary>What a given answer speaks for: options and scale points as columns, opinions as items. Numbers, dates and texts speak for none.</summary>
    internal static IEnumerable<(string Column, Opinion Opinion)> Of(Answer answer) => answer.Value switch
    {
        AnswerValue.Choice choice => choice.OptionIds.Select(option => (KeyOf(answer.QuestionnaireId, answer.QuestionId, option), Opinion.Likes)),
        AnswerValue.Scale scale => [(KeyOf(answer.QuestionnaireId, answer.QuestionId, $"{scale.Point}"), Opinion.Likes)],
        AnswerValue.Items items => items.Opinions.Select(one => (one.ItemId, one.Opinion)),
        _ => [],
    };

    /// <summary>Identifies the question whose newest answer stands.</summary>
    internal static string QuestionOf(Answer answer) => QuestionOf(answer.QuestionnaireId, answer.QuestionId);

    internal static string QuestionOf(string questionnaireId, string questionId) => $"{questionnaireId}\t{questionId}";
}
