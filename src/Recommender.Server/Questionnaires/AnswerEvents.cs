using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Server.Questionnaires;

/// <summary>Answers as events. Their ids follow from what they say, so that saying the same again is the same event.</summary>
internal static class AnswerEvents
{
    /// <summary>Begins the ids of sessions' and imports' answers. They are ours, so they may not meet a shop's.</summary>
    public const string Prefix = "answer:";

    /// <param name="before">The event that the person answered the question with before, in this session; null if this is the first.</param>
    public static ShopEvent Of(Person person, Answer answer, ShopEvent? before, DateTimeOffset at) => new()
    {
        // With the one before, because somebody may change their mind and change it back.
        EventId = IdOf(answer.SessionId ?? "", answer.QuestionId, Canonical(answer), before?.EventId ?? ""),
        Type = EventTypes.Answer,
        Person = person,
        OccurredAt = at,
        Answer = answer,
    };

    /// <summary>An answer that was given elsewhere, and may be sent several times.</summary>
    public static ShopEvent Recorded(Person person, Answer answer, DateTimeOffset at) => new()
    {
        EventId = IdOf(person.ToString(), answer.QuestionnaireId, answer.Version.ToString(CultureInfo.InvariantCulture), answer.QuestionId, Canonical(answer),
            at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), answer.Source),
        Type = EventTypes.Answer,
        Person = person,
        OccurredAt = at,
        Answer = answer,
    };

    /// <summary>The answers among a person's events that were not undone, in the order in which they were recorded.</summary>
    public static IEnumerable<ShopEvent> Standing(IReadOnlyList<ShopEvent> events)
    {
        var undone = events.Where(one => one.Type == EventTypes.Undo).Select(one => one.UndoesEventId).ToHashSet(StringComparer.Ordinal);
        return events.Where(one => one.Answer is not null && !undone.Contains(one.EventId));
    }

    /// <summary>An id of 32 hexadecimal digits that the same words always get, and no others.</summary>
    public static string Digest(params IReadOnlyList<string> words) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words.Select(word => $"{word.Length}:{word}")))))[..32];

    private static string IdOf(params IReadOnlyList<string> words) => Prefix + Digest(words);

    private static string Canonical(Answer answer) => answer.Value switch
    {
        AnswerValue.Choice choice => $"options {string.Join('\t', choice.OptionIds)}",
        AnswerValue.Scale scale => string.Create(CultureInfo.InvariantCulture, $"point {scale.Point}"),
        AnswerValue.Number number => string.Create(CultureInfo.InvariantCulture, $"number {number.Value:R}"),
        AnswerValue.Date date => $"date {date.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
        AnswerValue.Text text => $"text {text.Value}",
        AnswerValue.Items items => $"items {string.Join('\t', items.Opinions.Select(one => $"{one.Opinion} {one.ItemId}"))}",
        _ => answer.Kind.ToString(),
    };
}
