using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>Which answers a question takes. Paths are those of an answer's fields: <c>value.option_ids[1]</c>.</summary>
public static class AnswerRules
{
    /// <summary>All faults of an answer, none if it may be recorded. Whether items are in the catalogue is for the caller to say.</summary>
    /// <param name="question">The question of the version that was put.</param>
    /// <param name="answer">What was said to it.</param>
    /// <param name="today">Later days are the future.</param>
    public static IEnumerable<Fault> Faults(Question question, Answer answer, DateOnly today)
    {
        if (answer.Kind != AnswerKind.Given && answer.Value is not null)
            return [new("value", $"belongs to an answer that is given, not to one that is {Word(answer.Kind)}")];
        return answer.Kind switch
        {
            AnswerKind.Skipped when !question.MaySkip => [new("kind", $"is skipped, but \"{question.Id}\" may not be skipped")],
            AnswerKind.Declined when !question.MayDecline => [new("kind", $"is declined, but \"{question.Id}\" may not be declined")],
            AnswerKind.Given => OfValue(question, answer.Value, today),
            _ => [],
        };
    }

    /// <summary>The same answer in the form in which it is kept: options and items in the order of the question, whatever order they came in.</summary>
    public static Answer Normalized(Question question, Answer answer) => (question, answer.Value) switch
    {
        (Question.Choice choice, AnswerValue.Choice value) => answer with
        {
            Value = new AnswerValue.Choice([.. value.OptionIds.OrderBy(id => IndexOf([.. choice.Options.Select(option => option.Id)], id))]),
        },
        (Question.Items items, AnswerValue.Items value) => answer with
        {
            Value = new AnswerValue.Items([.. value.Opinions.OrderBy(one => IndexOf(items.ItemIds, one.ItemId)).ThenBy(one => one.ItemId, StringComparer.Ordinal)]),
        },
        _ => answer,
    };

    private static int IndexOf(ImmutableArray<string> ids, string id) => ids.IndexOf(id) is >= 0 and var at ? at : int.MaxValue;

    private static IEnumerable<Fault> OfValue(Question question, AnswerValue? value, DateOnly today) => (question, value) switch
    {
        (_, null) => [new("value", $"is missing; \"{question.Id}\" takes {Takes(question)}")],
        (Question.Choice choice, AnswerValue.Choice given) => OfChoice(choice, given.OptionIds),
        (Question.Scale scale, AnswerValue.Scale given) => given.Point >= scale.From && given.Point <= scale.To
            ? [] : [new("value.point", $"is {given.Point}, the scale goes from {scale.From} to {scale.To}")],
        (Question.Number number, AnswerValue.Number given) => OfNumber(number, given.Value),
        (Question.Date date, AnswerValue.Date given) => OfDate(date, given.Value, today),
        (Question.FreeText text, AnswerValue.Text given) => OfText(text, given.Value),
        (Question.Items items, AnswerValue.Items given) => OfItems(items, given.Opinions),
        _ => [new("value", $"is {Word(value)}, but \"{question.Id}\" takes {Takes(question)}")],
    };

    private static IEnumerable<Fault> OfChoice(Question.Choice question, ImmutableArray<string> picked)
    {
        for (int i = 0; i < picked.Length; i++)
        {
            if (question.Find(picked[i]) is null)
                yield return new($"value.option_ids[{i}]",
                    $"is \"{picked[i]}\", which is no option of \"{question.Id}\"{NearestName.Hint(picked[i], question.Options.Select(option => option.Id))}");
            else if (picked.IndexOf(picked[i]) < i) yield return new($"value.option_ids[{i}]", $"is \"{picked[i]}\" for the second time");
        }
        int least = question.Single ? 1 : question.MinPicks, most = question.Single ? 1 : question.MaxPicks;
        if (picked.Length < least || picked.Length > most)
            yield return new("value.option_ids", $"has {picked.Length} picks, \"{question.Id}\" takes {Between(least, most)}");
    }

    private static IEnumerable<Fault> OfNumber(Question.Number question, double value)
    {
        if (!double.IsFinite(value)) yield return new("value.number", $"is {value}, it must be a finite number");
        else if (value < question.From) yield return new("value.number", $"is {value}, below {question.From}");
        else if (value > question.To) yield return new("value.number", $"is {value}, above {question.To}");
    }

    private static IEnumerable<Fault> OfDate(Question.Date question, DateOnly value, DateOnly today)
    {
        if (value < question.From) yield return new("value.date", $"is {value:yyyy-MM-dd}, before {question.From:yyyy-MM-dd}");
        if (value > question.To) yield return new("value.date", $"is {value:yyyy-MM-dd}, after {question.To:yyyy-MM-dd}");
        if (!question.MayBeFuture && value > today)
            yield return new("value.date", $"is {value:yyyy-MM-dd}, in the future (today is {today:yyyy-MM-dd}), which \"{question.Id}\" does not take");
    }

    private static IEnumerable<Fault> OfText(Question.FreeText question, string value)
    {
        if (string.IsNullOrWhiteSpace(value)) yield return new("value.text", "is empty; skip the question instead");
        if (value.Length > question.MaxCharacters)
            yield return new("value.text", $"has {value.Length} characters, at most {question.MaxCharacters} are taken");
        if (Identifier.HasLoneSurrogate(value)) yield return new("value.text", "is not valid text (half a surrogate pair)");
    }

    private static IEnumerable<Fault> OfItems(Question.Items question, ImmutableArray<ItemOpinion> opinions)
    {
        int shown = question.ItemIds.IsEmpty ? QuestionnaireRules.MostItems : question.ItemIds.Length;
        if (opinions.Length == 0 || opinions.Length > shown)
            yield return new("value.items", $"has {opinions.Length} entries, it must have 1 to {shown}: one for each item that was shown");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < opinions.Length; i++)
        {
            var (itemId, opinion) = opinions[i];
            string at = $"value.items[{i}]";
            if (Identifier.ProblemWith(itemId) is { } problem) yield return new($"{at}.item_id", problem);
            else if (!seen.Add(itemId)) yield return new($"{at}.item_id", $"is \"{itemId}\" for the second time");
            else if (!question.ItemIds.IsEmpty && !question.ItemIds.Contains(itemId))
                yield return new($"{at}.item_id",
                    $"is \"{itemId}\", which is no item of \"{question.Id}\"{NearestName.Hint(itemId, question.ItemIds)}");
            if (opinion == Opinion.Dislikes && !question.Rated)
                yield return new($"{at}.opinion", $"is dislikes, but \"{question.Id}\" only asks to pick");
        }
        int picked = opinions.Count(one => one.Opinion == Opinion.Likes), most = question.MaxPicks ?? opinions.Length;
        if (!question.Rated && (picked < question.MinPicks || picked > most))
            yield return new("value.items", $"has {picked} picks, \"{question.Id}\" takes {Between(question.MinPicks, most)}");
    }

    private static string Between(int least, int most) => least == most ? $"{least}" : $"{least} to {most}";

    private static string Takes(Question question) => question switch
    {
        Question.Choice { Single: true } => "one option",
        Question.Choice => "options",
        Question.Scale => "a point of its scale",
        Question.Number => "a number",
        Question.Date => "a date",
        Question.FreeText => "a text",
        _ => "opinions on items",
    };

    private static string Word(AnswerValue value) => value switch
    {
        AnswerValue.Choice => "options",
        AnswerValue.Scale => "a point of a scale",
        AnswerValue.Number => "a number",
        AnswerValue.Date => "a date",
        AnswerValue.Text => "a text",
        _ => "opinions on items",
    };

    private static string Word(AnswerKind kind) =>
        kind switch { AnswerKind.Skipped => "skipped", AnswerKind.Declined => "declined", AnswerKind.Withdrawn => "withdrawn", _ => "given" };
}
