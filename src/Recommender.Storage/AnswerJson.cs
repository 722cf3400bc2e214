using System.Collections.Immutable;
using Recommender.Questionnaires;

namespace Recommender.Storage;

/// <summary>
/// An answer as JSON that any tool reads; its value names its kind:
/// <c>{"questionnaire_id":"taste","version":2,"question_id":"genres","kind":"given","source":"customer","value":{"choice":["crime","poetry"]}}</c>,
/// or <c>{"scale":4}</c>, <c>{"number":1.5}</c>, <c>{"date":"2026-01-31"}</c>, <c>{"text":".."}</c>,
/// <c>{"items":[{"item_id":"7","opinion":"likes"}]}</c>.
/// </summary>
internal static class AnswerJson
{
    private sealed record Document(
        string QuestionnaireId, int Version, string QuestionId, AnswerKind Kind, string Source, Content? Value = null, string? SessionId = null);

    /// <summary>Exactly one is set.</summary>
    private sealed record Content(string[]? Choice = null, int? Scale = null, double? Number = null, DateOnly? Date = null, string? Text = null,
        ItemOpinion[]? Items = null);

    /// <param name="owner">Whose it is, for the error: "event".</param>
    /// <exception cref="ArgumentException">The answer could not be given back as it was sent.</exception>
    public static void Check(Answer answer, string owner, string id)
    {
        Storable.RequireNotEmpty(answer.QuestionnaireId, owner, id, "questionnaire_id of the answer");
        Storable.RequireNotEmpty(answer.QuestionId, owner, id, "question_id of the answer");
        Storable.RequireDefined(answer.Kind, owner, id, "kind of the answer");
        Storable.RequireText(answer.SessionId, owner, id, "session_id of the answer");
        Storable.RequireNotNull(answer.Source, owner, id, "source of the answer");
        CheckValue(answer.Value, owner, id, "value of the answer");
    }

    public static byte[] Write(Answer answer) => PlainJson.Write(new Document(
        answer.QuestionnaireId, answer.Version, answer.QuestionId, answer.Kind, answer.Source, ContentOf(answer.Value), answer.SessionId));

    public static Answer Read(ReadOnlySpan<byte> utf8)
    {
        var document = PlainJson.Read<Document>(utf8);
        return new Answer(document.QuestionnaireId, document.Version, document.QuestionId, document.Kind)
        {
            Value = document.Value is { } content ? ValueOf(content) : null,
            SessionId = document.SessionId,
            Source = document.Source,
        };
    }

    private static void CheckValue(AnswerValue? value, string owner, string id, string field)
    {
        switch (value)
        {
            case AnswerValue.Choice choice:
                foreach (string option in choice.OptionIds.AsSpan()) Storable.RequireNotNull(option, owner, id, field);
                break;
            case AnswerValue.Number number:
                Storable.RequireNumber(number.Value, owner, id, field);
                break;
            case AnswerValue.Text text:
                Storable.RequireNotNull(text.Value, owner, id, field);
                break;
            case AnswerValue.Items items:
                foreach (ItemOpinion one in items.Opinions.AsSpan())
                {
                    Storable.RequireNotEmpty(one.ItemId, owner, id, field);
                    Storable.RequireDefined(one.Opinion, owner, id, field);
                }
                break;
            case null or AnswerValue.Scale or AnswerValue.Date:
                break;
            default:
                throw new ArgumentException($"{owner} {id}: {field} is a {value.GetType().Name}, which this store does not know.");
        }
    }

    private static Content? ContentOf(AnswerValue? value) => value switch
    {
        AnswerValue.Choice choice => new(Choice: choice.OptionIds.AsSpan().ToArray()),
        AnswerValue.Scale scale => new(Scale: scale.Point),
        AnswerValue.Number number => new(Number: number.Value),
        AnswerValue.Date date => new(Date: date.Value),
        AnswerValue.Text text => new(Text: text.Value),
        AnswerValue.Items items => new(Items: items.Opinions.AsSpan().ToArray()),
        _ => null,
    };

    private static AnswerValue ValueOf(Content content) => content switch
    {
        { Choice: { } options } => new AnswerValue.Choice(ImmutableArray.Create(options)),
        { Scale: { } point } => new AnswerValue.Scale(point),
        { Number: { } number } => new AnswerValue.Number(number),
        { Date: { } date } => new AnswerValue.Date(date),
        { Text: { } text } => new AnswerValue.Text(text),
        { Items: { } opinions } => new AnswerValue.Items(ImmutableArray.Create(opinions)),
        _ => throw new System.Text.Json.JsonException("an answer's value names no kind that this program knows."),
    };
}
