using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Server.Errors;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Questionnaires;

/// <summary>
/// How answers are distributed, over everybody and by an attribute of the customers. It reads the whole log and holds the answers to one
/// questionnaire only.
/// </summary>
internal sealed class Results(Shop shop, Definitions definitions)
{
    private const int DefaultPeople = 5;

    public async Task<Wire.GetResultsResponse> OfAsync(Wire.GetResultsRequest request, CancellationToken cancellation)
    {
        var check = new RequestCheck();
        int minPeople = check.Number("min_people", request.HasMinPeople ? request.MinPeople : null, 2, 1000, otherwise: DefaultPeople);
        var questionnaire = definitions.Published(request.QuestionnaireId, request.HasVersion ? request.Version : null);
        for (int i = 0; i < request.QuestionIds.Count; i++)
        {
            string id = request.QuestionIds[i];
            if (questionnaire.Find(id) is null)
                check.Add($"question_ids[{i}]", $"is \"{id}\", which is no question of \"{questionnaire.Id}\"{NearestName.Hint(id, questionnaire.Questions.Select(one => one.Id))}");
            else if (questionnaire.Find(id) is Question.FreeText or Question.Date)
                check.Add($"question_ids[{i}]", $"is \"{id}\", whose answers are not counted");
        }
        check.ThrowIfAny();

        var standing = await StandingAsync(questionnaire.Id, request.HasVersion ? request.Version : null, cancellation);
        var segments = await SegmentsAsync(standing.SelectMany(one => one.Value.Keys).Distinct(), request.SegmentAttribute, cancellation);
        string language = request.Language.Length > 0 ? request.Language : questionnaire.Language;
        var response = new Wire.GetResultsResponse();
        foreach (var question in questionnaire.Questions)
        {
            if (request.QuestionIds.Count > 0 ? !request.QuestionIds.Contains(question.Id) : question is Question.FreeText or Question.Date or Question.Items)
                continue;
            var answers = standing.GetValueOrDefault(question.Id) ?? [];
            response.Questions.Add(Tally.Of(question, answers, segments, minPeople, language, shop.Live.Now.Shelves));
        }
        return response;
    }

    /// <summary>The answer of each person that stands, by question. Whoever answered on a device of theirs and by their name is one person.</summary>
    private async Task<Dictionary<string, Dictionary<Person, Answer>>> StandingAsync(string questionnaireId, int? version, CancellationToken cancellation)
    {
        var answers = new List<ShopEvent>();
        var undone = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var stored in shop.Store.Events.ReadSinceAsync(shop.Tenant, 0, cancellation))
        {
            if (stored.Event.UndoesEventId is { } id && id.StartsWith(AnswerEvents.Prefix, StringComparison.Ordinal)) undone.Add(id);
            if (stored.Event.Answer is { Kind: not AnswerKind.Skipped } answer && answer.QuestionnaireId == questionnaireId && (version is null || answer.Version == version))
                answers.Add(stored.Event);
        }
        var map = await shop.Identities.AllAsync(cancellation);
        var standing = new Dictionary<string, Dictionary<Person, Answer>>(StringComparer.Ordinal);
        foreach (var one in answers.Where(one => !undone.Contains(one.EventId)))
        {
            string question = one.Answer!.QuestionId;
            if (!standing.TryGetValue(question, out var ofQuestion)) standing[question] = ofQuestion = [];
            var owner = map.OwnerOf(one.Person, one.OccurredAt);
            if (one.Answer.Kind == AnswerKind.Withdrawn) ofQuestion.Remove(owner);
            else ofQuestion[owner] = one.Answer;
        }
        return standing;
    }

    /// <summary>The groups each person belongs to: several for an attribute with several values.</summary>
    private async Task<Dictionary<Person, string[]>> SegmentsAsync(IEnumerable<Person> people, string attribute, CancellationToken cancellation)
    {
        var segments = new Dictionary<Person, string[]>();
        if (attribute.Length == 0) return segments;
        foreach (var person in people)
        {
            var customer = person.Kind == PersonKind.Customer ? await shop.Store.Customers.FindAsync(shop.Tenant, person.Id, cancellation) : null;
            segments[person] = customer?.Attributes.GetValueOrDefault(attribute) switch
            {
                AttributeValue.Text text => [text.Value],
                AttributeValue.Number number => [$"{number.Value}"],
                AttributeValue.Flag flag => [flag.Value ? "true" : "false"],
                AttributeValue.Instant instant => [$"{instant.Value:yyyy-MM-dd}"],
                AttributeValue.TextList { Values: { Length: > 0 } values } => [.. values.Distinct(StringComparer.Ordinal)],
                _ => [""],
            };
        }
        return segments;
    }
}
