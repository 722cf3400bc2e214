using System.Collections.Immutable;
using System.Globalization;
using Recommender.Questionnaires;
using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>
/// An answer as a document, in the words of <see cref="AnswerJson"/>: <c>value</c> has one field, which names its kind. A day is text, for it is no moment.
/// </summary>
internal static class AnswerDocument
{
    private const string Day = "yyyy-MM-dd";

    public static void Write(BsonWriter document, string name, Answer answer)
    {
        document.BeginDocument(name)
            .String("questionnaire_id", answer.QuestionnaireId)
            .Int32("version", answer.Version)
            .String("question_id", answer.QuestionId)
            .String("kind", NameOf(answer.Kind))
            .String("source", answer.Source);
        if (answer.Value is { } value) document.Document("value", content => WriteValue(content, value));
        document.Optional("session_id", answer.SessionId).End();
    }

    public static long MostBytesOf(Answer answer)
    {
        long characters = answer.QuestionnaireId.Length + answer.QuestionId.Length + answer.Source.Length + (answer.SessionId?.Length ?? 0) + answer.Value switch
        {
            AnswerValue.Text text => text.Value.Length,
            AnswerValue.Choice choice => choice.OptionIds.Sum(option => option.Length + 10L),
            AnswerValue.Items items => items.Opinions.Sum(one => one.ItemId.Length + 30L),
            _ => 0,
        };
        return 200 + characters * 3;
    }

    public static Answer Read(ReadOnlySpan<byte> document)
    {
        string questionnaireId = "", questionId = "", kind = "", source = "";
        string? sessionId = null;
        int version = 0;
        AnswerValue? value = null;
        var fields = new BsonReader(document);
        while (fields.Read())
        {
            if (fields.Is("questionnaire_id"u8)) questionnaireId = fields.String();
            else if (fields.Is("version"u8)) version = fields.Int32();
            else if (fields.Is("question_id"u8)) questionId = fields.String();
            else if (fields.Is("kind"u8)) kind = fields.String();
            else if (fields.Is("source"u8)) source = fields.String();
            else if (fields.Is("session_id"u8)) sessionId = fields.String();
            else if (fields.Is("value"u8)) value = ReadValue(fields.Document());
        }
        return new Answer(questionnaireId, version, questionId, Kind(kind)) { Value = value, SessionId = sessionId, Source = source };
    }

    private static void WriteValue(BsonWriter content, AnswerValue value)
    {
        switch (value)
        {
            case AnswerValue.Choice choice: content.Strings("choice", choice.OptionIds); break;
            case AnswerValue.Scale scale: content.Int32("scale", scale.Point); break;
            case AnswerValue.Number number: content.Double("number", number.Value); break;
            case AnswerValue.Date date: content.String("date", date.Value.ToString(Day, CultureInfo.InvariantCulture)); break;
            case AnswerValue.Text text: content.String("text", text.Value); break;
            case AnswerValue.Items items:
                content.BeginArray("items");
                foreach (ItemOpinion one in items.Opinions) content.BeginDocument().String("item_id", one.ItemId).String("opinion", NameOf(one.Opinion)).End();
                content.End();
                break;
            default: throw new ArgumentException($"an answer's value is a {value.GetType().Name}, which this store does not know.", nameof(value));
        }
    }

    private static AnswerValue ReadValue(ReadOnlySpan<byte> document)
    {
        var content = new BsonReader(document);
        if (!content.Read()) throw new InvalidBsonException("An answer's value is empty.");
        if (content.Is("choice"u8)) return new AnswerValue.Choice([.. content.Strings()]);
        if (content.Is("scale"u8)) return new AnswerValue.Scale(content.Int32());
        if (content.Is("number"u8)) return new AnswerValue.Number(content.Double());
        if (content.Is("date"u8)) return new AnswerValue.Date(DateOnly.ParseExact(content.String(), Day, CultureInfo.InvariantCulture));
        if (content.Is("text"u8)) return new AnswerValue.Text(content.String());
        if (content.Is("items"u8)) return new AnswerValue.Items(Opinions(content.Document()));
        throw new InvalidBsonException($"An answer's value is a {content.Name}, a kind that this program does not know.");
    }

    private static ImmutableArray<ItemOpinion> Opinions(ReadOnlySpan<byte> array)
    {
        var opinions = ImmutableArray.CreateBuilder<ItemOpinion>();
        var each = new BsonReader(array);
        while (each.Read())
        {
            var (itemId, opinion) = ("", "");
            var fields = new BsonReader(each.Document());
            while (fields.Read())
            {
                if (fields.Is("item_id"u8)) itemId = fields.String();
                else if (fields.Is("opinion"u8)) opinion = fields.String();
            }
            opinions.Add(new ItemOpinion(itemId, Opinion(opinion)));
        }
        return opinions.ToImmutable();
    }

    private static string NameOf(AnswerKind kind) => kind switch
    {
        AnswerKind.Given => "given",
        AnswerKind.Skipped => "skipped",
        AnswerKind.Declined => "declined",
        AnswerKind.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static AnswerKind Kind(string name) => name switch
    {
        "given" => AnswerKind.Given,
        "skipped" => AnswerKind.Skipped,
        "declined" => AnswerKind.Declined,
        "withdrawn" => AnswerKind.Withdrawn,
        _ => throw new InvalidBsonException($"An answer is \"{name}\", a kind that this program does not know."),
    };

    private static string NameOf(Opinion opinion) => opinion switch
    {
        Questionnaires.Opinion.Likes => "likes",
        Questionnaires.Opinion.Dislikes => "dislikes",
        Questionnaires.Opinion.Unfamiliar => "unfamiliar",
        _ => throw new ArgumentOutOfRangeException(nameof(opinion), opinion, null),
    };

    private static Opinion Opinion(string name) => name switch
    {
        "likes" => Questionnaires.Opinion.Likes,
        "dislikes" => Questionnaires.Opinion.Dislikes,
        "unfamiliar" => Questionnaires.Opinion.Unfamiliar,
        _ => throw new InvalidBsonException($"An opinion is \"{name}\", which this program does not know."),
    };
}
