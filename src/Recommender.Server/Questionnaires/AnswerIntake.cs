using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Questionnaires;
using Recommender.Server.Errors;
using Recommender.Server.Ingest;
using Answer = Recommender.Questionnaires.Answer;
using AnswerKind = Recommender.Questionnaires.AnswerKind;
using Question = Recommender.Questionnaires.Question;
using Questionnaire = Recommender.Questionnaires.Questionnaire;

namespace Recommender.Server.Questionnaires;

/// <summary>Answers that were given elsewhere, and what answers fill in the profile.</summary>
internal sealed class AnswerIntake(Shop shop, Definitions definitions, TimeProvider time)
{
    private const int MostAnswers = 1000;

    private readonly ProfileFilling _profiles = new(shop.Store.Customers, shop.Tenant);

    public async Task<RecordAnswersResponse> RecordAsync(RecordAnswersRequest request, CancellationToken cancellation)
    {
        var check = new RequestCheck();
        if (request.Answers.Count > MostAnswers) check.Add("answers", $"has {request.Answers.Count} entries, at most {MostAnswers} are allowed in one call");
        check.ThrowIfAny();
        var events = request.Answers.Select((wire, i) => FromWire(wire, $"answers[{i}].", check)).ToArray();
        check.ThrowIfAny();
        var outcomes = await shop.Intake.RecordAsync(events!, stampedNow: _ => false, cancellation);
        foreach (var (person, answer) in events.Select(one => (one!.Person, one.Answer!)).DistinctBy(one => (one.Person, one.Item2.QuestionnaireId, one.Item2.QuestionId)))
            await FillAsync(person, definitions.Published(answer.QuestionnaireId, answer.Version).Find(answer.QuestionId)!, cancellation);
        return new RecordAnswersResponse { Statuses = { outcomes.Select(outcome => EventEndpoint.ToWire(outcome.Status)) } };
    }
}
