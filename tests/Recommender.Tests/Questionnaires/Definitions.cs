using System.Text.Json.Nodes;
using Recommender.Questionnaires;

namespace Recommender.Tests.Questionnaires;

/// <summary>Definitions as authors write them, and what is said of them.</summary>
internal static class Definitions
{
    public const string Welcome = """
        {
          "id": "welcome",
          "language": "en",
          "title": { "en": "Welcome", "de": "Willkommen" },
          "purpose": "onboarding",
          "order": "fixed",
          "questions": [
            { "id": "reads", "kind": "single", "text": { "en": "Do you read?", "de": "Lesen Sie?" },
              "options": [ { "id": "yes", "text": { "en": "Yes", "de": "Ja" } }, { "id": "no", "text": "No" } ] },
            { "id": "genres", "kind": "multi", "text": "What do you like?", "max": 2, "when": { "question": "reads", "option": "yes" },
              "options": [ { "id": "crime", "text": "Crime", "means": "item.genre == \"crime\"" }, { "id": "garden", "text": "Gardens" }, { "id": "poems", "text": "Poems" } ] },
            { "id": "content", "kind": "scale", "text": "How do you like our shop?", "from": 1, "to": 5, "score": "rising",
              "labels": [ { "point": 1, "text": "Not at all" }, { "point": 5, "text": "Very much" } ] },
            { "id": "why", "kind": "text", "text": "What went wrong?", "max_characters": 40, "when": { "question": "content", "at_most": 2 } },
            { "id": "books", "kind": "number", "text": "How many books a year?", "from": 0, "to": 400, "unit": { "en": "books", "de": "Bücher" } },
            { "id": "birthday", "kind": "date", "text": "When were you born?", "fills": "birthday" },
            { "id": "covers", "kind": "items", "text": "Which of these?", "items": [ "a", "b", "c" ], "max": 2 }
          ]
        }
        """;

    public static Questionnaire Read(string json, int version = 1) => QuestionnaireReader.Read(json, version);

    /// <summary>The welcome with one value changed or, for null, one key removed; the path as faults have it.</summary>
    public static string With(string path, string? json)
    {
        JsonNode root = JsonNode.Parse(Welcome)!, at = root;
        string[] steps = path.Replace("[", ".[").Split('.', StringSplitOptions.RemoveEmptyEntries);
        foreach (string step in steps[..^1]) at = step[0] == '[' ? at[int.Parse(step[1..^1])]! : at[step]!;
        if (json is null) at.AsObject().Remove(steps[^1]);
        else if (steps[^1][0] == '[') at[int.Parse(steps[^1][1..^1])] = JsonNode.Parse(json);
        else at[steps[^1]] = JsonNode.Parse(json);
        return root.ToJsonString();
    }

    /// <summary>Every fault of a definition as <c>path problem</c>, whether it was found reading or publishing it.</summary>
    public static string[] FaultsOf(string json)
    {
        try
        {
            return [.. QuestionnaireRules.Faults(Read(json), expression => expression.Contains("genr ") ? "position 1: unknown" : null, item => item == "zzz" ? "is not there" : null)
                .Select(fault => $"{fault.Path} {fault.Problem}")];
        }
        catch (InvalidQuestionnaireException invalid) { return [.. invalid.Faults.Select(fault => $"{fault.Path} {fault.Problem}")]; }
    }

    public static Answer Given(string question, AnswerValue value) => new("welcome", 1, question, AnswerKind.Given) { Value = value };

    public static Answer Picked(string question, params string[] options) => Given(question, new AnswerValue.Choice([.. options]));

    public static Answer Without(string question, AnswerKind kind) => new("welcome", 1, question, kind);
}
