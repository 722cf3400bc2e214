using System.Globalization;
using Recommender.Questionnaires;
using Recommender.Server.Errors;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Questionnaires;

/// <summary>Answers between the protocol and the domain, with everything that is wrong with them.</summary>
internal static class AnswerMapping
{
    /// <summary>An answer in the form in which it is kept, or null and what is wrong with it in <paramref name="check"/>.</summary>
    /// <param name="path">Of the answer in the request, such as <c>answers[3].answer</c>.</param>
    /// <param name="today">Later days are the future.</param>
    public static Answer? FromWire(Wire.Answer? wire, Questionnaire questionnaire, string path, DateOnly today, Shop shop, RequestCheck check)
    {
        if (wire is null)
        {
            check.Add(path, "is missing");
            return null;
        }
        if (questionnaire.Find(wire.QuestionId) is not { } question)
        {
            check.Add($"{path}.question_id",
                $"is \"{wire.QuestionId}\", which is no question of \"{questionnaire.Id}\" in version {questionnaire.Version}"
                + NearestName.Hint(wire.QuestionId, questionnaire.Questions.Select(one => one.Id)));
            return null;
        }
        if (!Enum.IsDefined(wire.Kind)) check.Add($"{path}.kind", $"is {(int)wire.Kind}, which is no kind of answer");
        bool well = TryRead(wire.Value, question, $"{path}.value", check, out var value);
        var answer = new Answer(questionnaire.Id, questionnaire.Version, question.Id, KindOf(wire.Kind)) { Value = value };
        if (!well) return null;
        bool faulty = false;
        foreach (var fault in AnswerRules.Faults(question, answer, today).Concat(UnknownItems(question, value, shop)).Concat(Unfit(question, value, shop)))
        {
            faulty = true;
            check.Add($"{path}.{fault.Path}", fault.Problem);
        }
        return faulty ? null : AnswerRules.Normalized(question, answer);
    }

    public static Wire.Answer ToWire(Answer answer)
    {
        var wire = new Wire.Answer { QuestionId = answer.QuestionId, Kind = (Wire.AnswerKind)((int)answer.Kind + 1) };
        if (answer.Value is null) return wire;
        wire.Value = new Wire.AnswerValue();
        switch (answer.Value)
        {
            case AnswerValue.Choice choice: wire.Value.OptionIds.AddRange(choice.OptionIds); break;
            case AnswerValue.Scale scale: wire.Value.Point = scale.Point; break;
            case AnswerValue.Number number: wire.Value.Number = number.Value; break;
            case AnswerValue.Date date: wire.Value.Date = QuestionMapping.Written(date.Value); break;
            case AnswerValue.Text text: wire.Value.Text = text.Value; break;
            case AnswerValue.Items items:
                wire.Value.Items.AddRange(items.Opinions.Select(one => new Wire.ItemOpinion { ItemId = one.ItemId, Opinion = (Wire.Opinion)((int)one.Opinion + 1) }));
                break;
            default: throw new InvalidOperationException($"an answer of type {answer.Value.GetType().Name} has no wire form");
        }
        return wire;
    }

    private static AnswerKind KindOf(Wire.AnswerKind kind) => kind switch
    {
        Wire.AnswerKind.Skipped => AnswerKind.Skipped,
        Wire.AnswerKind.Declined => AnswerKind.Declined,
        Wire.AnswerKind.Withdrawn => AnswerKind.Withdrawn,
        _ => AnswerKind.Given,
    };

    private static bool TryRead(Wire.AnswerValue? wire, Question question, string path, RequestCheck check, out AnswerValue? value)
    {
        value = null;
        if (wire is null) return true;
        var given = new List<AnswerValue>();
        if (wire.OptionIds.Count > 0) given.Add(new AnswerValue.Choice([.. wire.OptionIds]));
        if (wire.HasPoint) given.Add(new AnswerValue.Scale(wire.Point));
        if (wire.HasNumber) given.Add(new AnswerValue.Number(wire.Number));
        if (wire.HasText) given.Add(new AnswerValue.Text(wire.Text));
        if (wire.HasDate)
        {
            if (!DateOnly.TryParseExact(wire.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                check.Add($"{path}.date", $"is \"{wire.Date}\", it must be a date such as 1984-05-17");
                return false;
            }
            given.Add(new AnswerValue.Date(date));
        }
        if (wire.Items.Count > 0)
            given.Add(new AnswerValue.Items([.. wire.Items.Select((one, i) => Read(one, $"{path}.items[{i}]", check))]));
        if (given.Count > 1)
        {
            check.Add(path, $"has {given.Count} kinds of value, it must have one");
            return false;
        }
        // Nothing picked is an answer, where the author allows it.
        value = given.Count == 1 ? given[0] : question is Question.Choice ? new AnswerValue.Choice([]) : null;
        return !check.Found || given is not [AnswerValue.Items];
    }

    private static ItemOpinion Read(Wire.ItemOpinion wire, string path, RequestCheck check)
    {
        if (wire.Opinion is < Wire.Opinion.Likes or > Wire.Opinion.Unfamiliar)
            check.Add($"{path}.opinion", "is missing or unknown; it is likes, dislikes or unfamiliar");
        return new ItemOpinion(wire.ItemId, (Opinion)((int)wire.Opinion - 1));
    }

    private static IEnumerable<Fault> Unfit(Question question, AnswerValue? value, Shop shop) =>
        ProfileFilling.ProblemWith(question, value, shop.Profiles.Schema) is { } problem ? [new("value", problem)] : [];

    private static IEnumerable<Fault> UnknownItems(Question question, AnswerValue? value, Shop shop)
    {
        // What the author named was in the catalogue when it was published, and may be gone since.
        if (value is not AnswerValue.Items items || question is not Question.Items { ItemIds.IsEmpty: true }) yield break;
        var shelves = shop.Live.Now.Shelves;
        for (int i = 0; i < items.Opinions.Length; i++)
        {
            string itemId = items.Opinions[i].ItemId;
            if (Identifier.ProblemWith(itemId) is null && shelves.Find(itemId) is null)
                yield return new($"value.items[{i}].item_id", $"is not in the catalogue: {shop.UnknownItem(itemId).Message}");
        }
    }
}
