using System.Collections.Immutable;
using System.Text.Json;

namespace Recommender.Questionnaires;

/// <summary>
/// Definitions from their JSON (README.md). What has the wrong form is refused here, all of it at once; whether what is well formed makes
/// sense is for <see cref="QuestionnaireRules"/> to say, so that a draft may be unfinished.
/// </summary>
public static class QuestionnaireReader
{
    private static readonly JsonDocumentOptions _reading = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <exception cref="InvalidQuestionnaireException">Not JSON, unknown keys, values of the wrong type, an unknown kind.</exception>
    public static Questionnaire Read(string json, int version)
    {
        var faults = new List<Fault>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, _reading);
            var fields = new JsonFields(document.RootElement, "", faults);
            Questionnaire questionnaire = Read(fields, version);
            fields.Close();
            return faults.Count == 0 ? questionnaire : throw new InvalidQuestionnaireException(faults);
        }
        catch (JsonException e)
        {
            throw new InvalidQuestionnaireException([new Fault("definition", $"is not JSON: {e.Message}")]);
        }
    }

    private static Questionnaire Read(JsonFields fields, int version)
    {
        string id = fields.Text("id"), language = fields.Text("language", "en");
        if (Identifier.ProblemWith(id) is { } problem) fields.Fault("id", problem);
        return new Questionnaire(id)
        {
            Version = version,
            Language = language,
            Title = fields.LocalText("title", language),
            Purpose = fields.OneOf("purpose", "onboarding", "satisfaction", "poll") switch
            {
                "satisfaction" => QuestionnairePurpose.Satisfaction,
                "poll" => QuestionnairePurpose.Poll,
                _ => QuestionnairePurpose.Onboarding,
            },
            FixedOrder = fields.OneOf("order", "adaptive", "fixed") == "fixed",
            MaxQuestions = fields.Whole("max_questions"),
            GainThreshold = fields.Number("gain_threshold") ?? 0,
            Questions = fields.Objects("questions", question => ReadQuestion(question, language)),
        };
    }

    private static Question? ReadQuestion(JsonFields fields, string language)
    {
        string id = fields.Text("id");
        Question? question = fields.Text("kind") switch
        {
            "single" => Choice(fields, id, language, single: true),
            "multi" => Choice(fields, id, language, single: false),
            "scale" => Scale(fields, id, language),
            "number" => new Question.Number(id) { From = fields.Number("from"), To = fields.Number("to"), Unit = fields.LocalText("unit", language) },
            "date" => new Question.Date(id) { From = fields.Date("from"), To = fields.Date("to"), MayBeFuture = fields.Flag("future", false) },
            "text" => new Question.FreeText(id) { MaxCharacters = fields.Whole("max_characters") ?? 1000 },
            "items" => Items(fields, id),
            var unknown => Unknown(fields, unknown),
        };
        if (question is null) return null;
        return question with
        {
            Text = fields.LocalText("text", language),
            Help = fields.LocalText("help", language),
            When = fields.Object("when", ReadCondition),
            MaySkip = fields.Flag("may_skip", true),
            MayDecline = fields.Flag("may_decline", true),
            Fills = fields.Text("fills"),
        };
    }

    // Which other keys a question may have hangs on its kind: without one there is nothing to say of them.
    private static Question? Unknown(JsonFields fields, string kind)
    {
        string[] kinds = ["single", "multi", "scale", "number", "date", "text", "items"];
        fields.Fault("kind", kind.Length == 0 ? $"is missing; it is one of {string.Join(", ", kinds)}"
            : $"is \"{kind}\", it must be one of {string.Join(", ", kinds)}{NearestName.Hint(kind, kinds)}");
        fields.Forgive();
        return null;
    }

    private static Question.Choice Choice(JsonFields fields, string id, string language, bool single)
    {
        var options = fields.Objects("options", option => new QuestionOption(option.Text("id"))
        {
            Text = option.LocalText("text", language),
            Means = option.Text("means"),
            Score = option.Number("score"),
        });
        var choice = new Question.Choice(id) { Single = single, Options = options };
        return single ? choice : choice with { MinPicks = fields.Whole("min") ?? 1, MaxPicks = fields.Whole("max") ?? Math.Max(options.Length, 1) };
    }

    private static Question.Scale Scale(JsonFields fields, string id, string language)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<int, LocalText>();
        foreach (var label in fields.Objects("labels", label => new Label(label.Whole("point") ?? 0, label.LocalText("text", language)))) labels[label.Point] = label.Text;
        return new Question.Scale(id)
        {
            From = fields.Whole("from") ?? 1,
            To = fields.Whole("to") ?? 5,
            Labels = labels.ToImmutable(),
            Score = fields.OneOf("score", "none", "rising", "falling") switch { "rising" => ScaleScore.Rising, "falling" => ScaleScore.Falling, _ => ScaleScore.None },
        };
    }

    private static Question.Items Items(JsonFields fields, string id) => new(id)
    {
        ItemIds = fields.Texts("items"),
        Adaptive = fields.Whole("adaptive") ?? 0,
        Filter = fields.Text("filter"),
        Rated = fields.OneOf("answer", "pick", "rate") == "rate",
        MinPicks = fields.Whole("min") ?? 0,
        MaxPicks = fields.Whole("max"),
    };

    private static Condition? ReadCondition(JsonFields fields)
    {
        string question = fields.Text("question");
        var composed = new List<Condition>();
        if (fields.Has("all")) composed.Add(new Condition.All(fields.Objects("all", ReadCondition)));
        if (fields.Has("any")) composed.Add(new Condition.Any(fields.Objects("any", ReadCondition)));
        if (fields.Object("not", ReadCondition) is { } negated) composed.Add(new Condition.Not(negated));
        var leaves = new List<Condition>();
        if (fields.Has("option")) leaves.Add(new Condition.Chosen(question, fields.Text("option")));
        double? atLeast = fields.Number("at_least"), atMost = fields.Number("at_most");
        if (atLeast is not null || atMost is not null) leaves.Add(new Condition.Within(question, atLeast, atMost));
        if (fields.Has("answered")) leaves.Add(Negated(new Condition.Answered(question), fields.Flag("answered", true)));
        if (fields.Has("declined")) leaves.Add(Negated(new Condition.Declined(question), fields.Flag("declined", true)));
        if (composed is [var whole] && leaves.Count == 0 && question.Length == 0) return whole;
        if (leaves is [var leaf] && composed.Count == 0 && question.Length > 0) return leaf;
        fields.Fault("", "must have one of all, any, not, or a question with one of option, at_least and at_most, answered, declined");
        return null;
    }

    private static Condition Negated(Condition leaf, bool holds) => holds ? leaf : new Condition.Not(leaf);

    private sealed record Label(int Point, LocalText Text);
}
