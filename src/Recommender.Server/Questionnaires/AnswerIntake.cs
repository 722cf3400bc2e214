using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Ingest;
using AnswerKind = Recommender.Questionnaires.AnswerKind;
using Questionnaire = Recommender.Questionnaires.Questionnaire;

namespace Recommender.Server.Questionnaires;

/// <summary>Answers that were given elsewhere, and what answers fill in the profile.</summary>
internal sealed class AnswerIntake(Shop shop, Definitions definitions, TimeProvider time)
{
    private const int MostAnswers = 1000;

    public async Task<RecordAnswersResponse> RecordAsync(RecordAnswersRequest request, CancellationToken cancellation)
    {
        var check = new RequestCheck();
        if (request.Answers.Count > MostAnswers)
            check.Add("answers", $"has {request.Answers.Count} entries, at most {MostAnswers} are allowed in one call");
        check.ThrowIfAny();
        var events = request.Answers.Select((wire, i) => FromWire(wire, $"answers[{i}].", check)).ToArray();
        check.ThrowIfAny();
        var outcomes = await shop.Intake.RecordAsync(events!, stampedNow: _ => false, cancellation);
        foreach (var (person, id, version, question) in events.Select(one => (one!.Person, one.Answer!.QuestionnaireId, one.Answer.Version, one.Answer.QuestionId)).Distinct())
            await FillAsync(person, definitions.Published(id, version), question, cancellation);
        return new RecordAnswersResponse { Statuses = { outcomes.Select(outcome => EventEndpoint.ToWire(outcome.Status)) } };
    }

    /// <summary>
    /// Brings the profile of the customer, or of the one that the visitor is linked to, to what the answer to a question now says, whoever
    /// recorded it and however often this is asked.
    /// </summary>
    public async Task FillAsync(Person person, Questionnaire questionnaire, string questionId, CancellationToken cancellation)
    {
        if (questionnaire.Find(questionId) is not { Fills.Length: > 0 } question) return;
        var circle = await shop.Identities.OfAsync(person, cancellation);
        if (circle.Root.Kind != PersonKind.Customer) return;
        var said = AnswerEvents.Standing(await shop.Circles.OfAsync(circle, cancellation))
            .Where(one => one.Answer!.QuestionnaireId == questionnaire.Id && one.Answer.QuestionId == questionId && one.Answer.Kind != AnswerKind.Skipped).ToArray();
        if (said is [.. var earlier, var newest])
            await shop.Profiles.ChangeAsync(circle.Root.Id, customer => ProfileFilling.After(customer, question, newest, [.. earlier.Select(one => one.OccurredAt)]), cancellation);
    }

    private ShopEvent? FromWire(RecordedAnswer wire, string path, RequestCheck check)
    {
        var now = time.GetUtcNow();
        var person = QuestionnaireEndpoint.PersonOf(wire.HasCustomerId, wire.CustomerId, wire.HasVisitorId, wire.VisitorId, path, check);
        if (person is null) check.Add(path + "customer_id", "is missing; give a customer_id or a visitor_id");
        if (wire.OccurredAt is null) check.Add(path + "occurred_at", "is missing; an answer that was given elsewhere says when");
        var at = wire.OccurredAt is null ? now : WireTime.Read(wire.OccurredAt, path + "occurred_at", check);
        string source = wire.Source.Length > 0 ? wire.Source : "import";
        check.Id(path + "source", source);
        Questionnaire questionnaire;
        try { questionnaire = definitions.Published(wire.QuestionnaireId, wire.Version); }
        catch (RefusedException refused)
        {
            check.Add(path + (refused.Violations is [var violation, ..] ? violation.Field : "questionnaire_id"), refused.Message);
            return null;
        }
        var answer = AnswerMapping.FromWire(wire.Answer, questionnaire, path + "answer", DateOnly.FromDateTime(at.UtcDateTime), shop, check);
        if (answer is null || person is null) return null;
        var happened = AnswerEvents.Recorded(person.Value, answer with { Source = source }, at);
        foreach (var fault in EventRules.Faults(happened, now).Where(fault => fault.Field == "occurred_at")) check.Add(path + fault.Field, fault.Problem);
        return happened;
    }
}
