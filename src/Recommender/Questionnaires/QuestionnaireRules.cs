using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>What a definition must satisfy to be published. What hangs on the catalogue is asked of the caller.</summary>
public static class QuestionnaireRules
{
    public const int MostOptions = 500;
    public const int MostItems = 100;
    public const int LongestText = 2000;
    private const int WidestScale = 100;

    /// <summary>All faults, none if it may be published.</summary>
    /// <param name="questionnaire">A definition that could be read.</param>
    /// <param name="problemWithExpression">What is wrong with an item expression here; null if nothing is.</param>
    /// <param name="problemWithItem">What is wrong with an item's id here; null if nothing is.</param>
    public static IEnumerable<Fault> Faults(Questionnaire questionnaire, Func<string, string?> problemWithExpression, Func<string, string?> problemWithItem)
    {
        if (ProblemWithLanguage(questionnaire.Language) is { } problem) yield return new("language", problem);
        foreach (var fault in OfText("title", questionnaire.Title, needed: true)) yield return fault;
        if (questionnaire.MaxQuestions is < 1)
            yield return new("max_questions", $"is {questionnaire.MaxQuestions}, it must be at least 1; leave it out to ask all");
        if (questionnaire.GainThreshold is < 0 or > 1)
            yield return new("gain_threshold", $"is {questionnaire.GainThreshold}, it must be 0 to 1");
        var questions = questionnaire.Questions;
        if (questions.Length is 0 or > Questionnaire.MostQuestions)
            yield return new("questions", $"has {questions.Length} entries, it must have 1 to {Questionnaire.MostQuestions}");
        foreach (var fault in Ids("questions", [.. questions.Select(question => question.Id)])) yield return fault;
        for (int i = 0; i < questions.Length; i++)
        {
            string path = $"questions[{i}]";
            foreach (var fault in OfQuestion(questions[i], path)) yield return fault;
            foreach (var fault in OfKind(questions[i], path, problemWithExpression, problemWithItem)) yield return fault;
            foreach (var fault in (questions[i].When?.Leaves ?? []).SelectMany(leaf => OfLeaf(leaf, questionnaire, $"{path}.when"))) yield return fault;
        }
        foreach (var fault in Loops(questions)) yield return fault;
    }

    private static IEnumerable<Fault> OfQuestion(Question question, string path)
    {
        foreach (var fault in OfText($"{path}.text", question.Text, needed: true)) yield return fault;
        foreach (var fault in OfText($"{path}.help", question.Help, needed: false)) yield return fault;
        if (question.Fills.Length == 0) yield break;
        if (question is Question.Items)
            yield return new($"{path}.fills", $"is \"{question.Fills}\", but opinions on items fill no attribute; leave it out");
        if (!IsName(question.Fills))
            yield return new($"{path}.fills", $"is \"{question.Fills}\", it must be letters, digits and underscores, not beginning with a digit, 64 at most");
    }

    private static IEnumerable<Fault> OfKind(Question question, string path, Func<string, string?> expression, Func<string, string?> item) => question switch
    {
        Question.Choice choice => OfChoice(choice, path, expression),
        Question.Scale scale => OfScale(scale, path),
        Question.Number { From: { } from, To: { } to } when from > to => [new($"{path}.to", $"is {to}, below from, which is {from}")],
        Question.Number number => OfText($"{path}.unit", number.Unit, needed: false),
        Question.Date { From: { } from, To: { } to } when from > to => [new($"{path}.to", $"is {to:yyyy-MM-dd}, before from, which is {from:yyyy-MM-dd}")],
        Question.FreeText { MaxCharacters: < 1 or > Interactions.EventRules.LongestText } text =>
            [new($"{path}.max_characters", $"is {text.MaxCharacters}, it must be 1 to {Interactions.EventRules.LongestText:N0}")],
        Question.Items items => OfItems(items, path, expression, item),
        _ => [],
    };

    private static IEnumerable<Fault> OfChoice(Question.Choice choice, string path, Func<string, string?> expression)
    {
        if (choice.Options.Length is < 2 or > MostOptions)
            yield return new($"{path}.options", $"has {choice.Options.Length} entries, it must have 2 to {MostOptions}");
        foreach (var fault in Ids($"{path}.options", [.. choice.Options.Select(option => option.Id)])) yield return fault;
        if (choice.MinPicks < 0) yield return new($"{path}.min", $"is {choice.MinPicks}, it must not be negative");
        if (choice.MaxPicks < Math.Max(choice.MinPicks, 1) || choice.MaxPicks > Math.Max(choice.Options.Length, 1))
            yield return new($"{path}.max",
                $"is {choice.MaxPicks}, it must be {Math.Max(choice.MinPicks, 1)} to {choice.Options.Length}, the number of options");
        for (int i = 0; i < choice.Options.Length; i++)
        {
            var option = choice.Options[i];
            string at = $"{path}.options[{i}]";
            foreach (var fault in OfText($"{at}.text", option.Text, needed: true)) yield return fault;
            if (option.Means.Length > 0 && expression(option.Means) is { } problem) yield return new($"{at}.means", problem);
            if (option.Score is < 0 or > 1) yield return new($"{at}.score", $"is {option.Score}, it must be 0 to 1");
        }
    }

    private static IEnumerable<Fault> OfScale(Question.Scale scale, string path)
    {
        if (scale.To <= scale.From || (long)scale.To - scale.From > WidestScale)
            yield return new($"{path}.to", $"is {scale.To}, it must be above from, which is {scale.From}, by at most {WidestScale}");
        foreach (var (point, text) in scale.Labels)
        {
            if (point < scale.From || point > scale.To)
                yield return new($"{path}.labels", $"has the point {point}, the scale goes from {scale.From} to {scale.To}");
            foreach (var fault in OfText($"{path}.labels", text, needed: true)) yield return fault;
        }
    }

    private static IEnumerable<Fault> OfItems(Question.Items items, string path, Func<string, string?> expression, Func<string, string?> item)
    {
        if (items.ItemIds.IsEmpty == (items.Adaptive == 0))
            yield return new($"{path}.items", "and adaptive: give one of the two, the items' ids or how many the service is to choose");
        if (items.ItemIds.Length > MostItems)
            yield return new($"{path}.items", $"has {items.ItemIds.Length} entries, at most {MostItems} are allowed");
        if (items.Adaptive is < 0 or > MostItems) yield return new($"{path}.adaptive", $"is {items.Adaptive}, it must be 1 to {MostItems}");
        foreach (var fault in Ids($"{path}.items", items.ItemIds, named: false)) yield return fault;
        for (int i = 0; i < items.ItemIds.Length; i++)
        {
            if (item(items.ItemIds[i]) is { } problem) yield return new($"{path}.items[{i}]", problem);
        }
        if (items.Filter.Length > 0 && items.Adaptive == 0)
            yield return new($"{path}.filter", "is for items that the service chooses; leave it out");
        if (items.Filter.Length > 0 && expression(items.Filter) is { } unfit) yield return new($"{path}.filter", unfit);
        int shown = Math.Max(items.ItemIds.Length, items.Adaptive);
        if (items.MinPicks < 0 || items.MinPicks > shown)
            yield return new($"{path}.min", $"is {items.MinPicks}, it must be 0 to {shown}, the number of items");
        if (items.MaxPicks is { } most && (most < Math.Max(items.MinPicks, 1) || most > shown))
            yield return new($"{path}.max", $"is {most}, it must be {Math.Max(items.MinPicks, 1)} to {shown}, the number of items");
    }

    private static IEnumerable<Fault> OfLeaf(Condition leaf, Questionnaire questionnaire, string path)
    {
        var asked = questionnaire.Find(leaf.Question!);
        if (asked is null)
        {
            yield return new(path, $"looks at the question \"{leaf.Question}\", which is not there{NearestName.Hint(leaf.Question!, questionnaire.Questions.Select(one => one.Id))}");
            yield break;
        }
        if (leaf is Condition.Chosen chosen)
        {
            if (asked is not Question.Choice choice) yield return new(path, $"looks for an option of \"{asked.Id}\", which has none");
            else if (choice.Find(chosen.OptionId) is null)
                yield return new(path, $"looks for the option \"{chosen.OptionId}\" of \"{asked.Id}\", which is not there{NearestName.Hint(chosen.OptionId, choice.Options.Select(one => one.Id))}");
        }
        if (leaf is Condition.Within && asked is not (Question.Scale or Question.Number))
            yield return new(path, $"compares \"{asked.Id}\", which is neither a scale nor a number");
    }

    // Each loop is told once, by the question of it that comes first.
    private static IEnumerable<Fault> Loops(ImmutableArray<Question> questions)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < questions.Length; i++) places.TryAdd(questions[i].Id, i);
        var done = new HashSet<int>();
        for (int i = 0; i < questions.Length; i++)
        {
            if (Loop(i, []) is { } loop)
                yield return new($"questions[{i}].when", $"goes in a circle: {string.Join(" → ", loop)}; leave one of these conditions out");
        }

        string[]? Loop(int at, List<int> path)
        {
            int again = path.IndexOf(at);
            if (again >= 0) return [.. path.Skip(again).Append(at).Select(one => questions[one].Id)];
            if (done.Contains(at)) return null;
            path.Add(at);
            string[]? found = null;
            foreach (string next in (questions[at].When?.Leaves ?? []).Select(leaf => leaf.Question!).Distinct())
            {
                if (places.TryGetValue(next, out int place)) found ??= Loop(place, path);
            }
            path.RemoveAt(path.Count - 1);
            done.Add(at);
            return found;
        }
    }

    private static IEnumerable<Fault> Ids(string path, IReadOnlyList<string> ids, bool named = true)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < ids.Count; i++)
        {
            string at = named ? $"{path}[{i}].id" : $"{path}[{i}]";
            if (Identifier.ProblemWith(ids[i]) is { } problem) yield return new(at, problem);
            else if (!seen.TryAdd(ids[i], i)) yield return new(at, $"is \"{ids[i]}\", as {path}[{seen[ids[i]]}] is; each needs its own");
        }
    }

    private static IEnumerable<Fault> OfText(string path, LocalText text, bool needed)
    {
        if (needed && text.IsEmpty) yield return new(path, "is missing");
        else if (!text.IsEmpty && string.IsNullOrWhiteSpace(text.ByLanguage.GetValueOrDefault(text.Fallback)))
            yield return new(path, $"is not written in \"{text.Fallback}\", the questionnaire's own language");
        foreach (var (language, written) in text.ByLanguage)
        {
            if (ProblemWithLanguage(language) is { } problem)
                yield return new($"{path}.{language}", $"is the text in a language that {problem}");
            if (written.Length > LongestText)
                yield return new($"{path}.{language}", $"has {written.Length} characters, at most {LongestText:N0} are allowed");
        }
    }

    private static string? ProblemWithLanguage(string tag) => tag.Length is >= 2 and <= 35 && tag.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiLetter(tag[0])
        ? null : $"is \"{tag}\", it must be a language tag such as en or de-AT";

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
