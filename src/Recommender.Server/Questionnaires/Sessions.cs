using Grpc.Core;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Questionnaires;

/// <summary>A session at one moment: whose, what was said in it, and the version it goes through.</summary>
/// <param name="Events">The answers that count in it, in the order in which they were recorded.</param>
internal sealed record SessionState(QuestionnaireSession Session, Questionnaire Questionnaire, IReadOnlyList<ShopEvent> Events)
{
    public Interview Interview { get; } = new(Questionnaire, Events.Select(one => one.Answer!));
}

/// <summary>People on their way through questionnaires. What they answer goes into the event log; only who is under way is kept beside it.</summary>
internal sealed class Sessions(Shop shop, Definitions definitions, TimeProvider time)
{
    /// <summary>A new session, or the open one of this person, on whatever device it was begun.</summary>
    public async Task<SessionState> StartAsync(string questionnaireId, int? version, Person person, string language, CancellationToken cancellation)
    {
        var questionnaire = definitions.Published(questionnaireId, version);
        var earlier = (await shop.Store.Sessions.ListAsync(shop.Tenant, person, cancellation)).Where(one => one.QuestionnaireId == questionnaireId).ToArray();
        if (Array.Find(earlier, one => one.EndedAt is null) is { } open)
        {
            var state = await StateOfAsync(open, cancellation);
            if ((version is null || version == open.Version) && GoesOn(state)) return state;
            await shop.Store.Sessions.TryEndAsync(shop.Tenant, open.Id, time.GetUtcNow(), cancellation);
        }
        // Two who start at once count alike and so begin one session.
        string id = AnswerEvents.Digest("session", shop.Tenant.Id, person.ToString(), questionnaireId, $"{earlier.Length}");
        var session = new QuestionnaireSession(id, questionnaireId, questionnaire.Version, person, language.Length > 0 ? language : questionnaire.Language, time.GetUtcNow());
        if (!await shop.Store.Sessions.TryStartAsync(shop.Tenant, session, cancellation))
            session = await shop.Store.Sessions.FindAsync(shop.Tenant, id, cancellation) ?? throw new InvalidOperationException($"the session {id} is there and cannot be found");
        return await StateOfAsync(session, cancellation);
    }

    public async Task<SessionState> FindAsync(string sessionId, Person? claimed, CancellationToken cancellation)
    {
        var session = await shop.Store.Sessions.FindAsync(shop.Tenant, sessionId, cancellation) ?? throw await UnknownAsync(sessionId, claimed, cancellation);
        if (claimed is { } person && person != session.Person && !await IsLinkedAsync(session.Person, person, cancellation))
            throw new RefusedException(StatusCode.PermissionDenied, $"the session \"{sessionId}\" is not one of {person}",
                [new(person.Kind == PersonKind.Customer ? "customer_id" : "visitor_id", $"is \"{person.Id}\", whose session this is not")]);
        return await StateOfAsync(session, cancellation);
    }

    public async Task<SessionState> EndAsync(string sessionId, CancellationToken cancellation)
    {
        var state = await FindAsync(sessionId, claimed: null, cancellation);
        if (state.Session.EndedAt is not null) return state;
        await shop.Store.Sessions.TryEndAsync(shop.Tenant, sessionId, time.GetUtcNow(), cancellation);
        return await FindAsync(sessionId, claimed: null, cancellation);
    }

    /// <summary>Records an answer that was found in order, unless it is the one that was given last.</summary>
    /// <param name="isNext">Whether a question is the one that comes next: passing over it again is then no repeat.</param>
    public async Task<AppendStatus> SubmitAsync(SessionState state, Answer answer, Func<string, bool> isNext, CancellationToken cancellation)
    {
        var (session, questionnaire, _) = state;
        answer = answer with { SessionId = session.Id };
        var events = await shop.EventsOfAsync(session.Person, cancellation);
        var before = events.LastOrDefault(Same);
        var last = AnswerEvents.Standing(events).LastOrDefault(Same);
        bool again = last?.Answer == answer && !(answer.Kind == AnswerKind.Skipped && isNext(answer.QuestionId));
        if (again) return AppendStatus.Duplicate;
        if (session.EndedAt is { } ended)
            throw new RefusedException(StatusCode.FailedPrecondition, $"the session \"{session.Id}\" ended at {ended:O} and takes no answer; start another", [new("session_id", "has ended; start another session")]);
        RequireAskable(state, questionnaire, answer);
        var happened = AnswerEvents.Of(session.Person, answer, before, time.GetUtcNow());
        return (await shop.Intake.RecordAsync([happened], stampedNow: _ => true, cancellation))[0].Status;

        bool Same(ShopEvent one) => one.Answer is { } said && said.SessionId == session.Id && said.QuestionId == answer.QuestionId;
    }

    /// <summary>
    /// A survey or poll that was gone through begins anew, and so does whatever has a new version. Gains are left aside: what teaches too
    /// little today ends no session.
    /// </summary>
    private bool GoesOn(SessionState state) => state.Interview.Next(_ => null).Question is not null
        || state.Questionnaire.Purpose == QuestionnairePurpose.Onboarding && state.Questionnaire.Version == shop.Questionnaires.Newest(state.Questionnaire.Id);

    /// <summary>An onboarding counts what was said before, in whatever session; a survey and a poll begin anew.</summary>
    public async Task<SessionState> StateOfAsync(QuestionnaireSession session, CancellationToken cancellation)
    {
        var questionnaire = shop.Questionnaires.Find(session.QuestionnaireId, session.Version)?.Definition
            ?? throw new InvalidOperationException($"the session {session.Id} goes through version {session.Version} of \"{session.QuestionnaireId}\", which is not there");
        var events = AnswerEvents.Standing(await shop.EventsOfAsync(session.Person, cancellation)).Where(one => Counts(one.Answer!, session, questionnaire));
        return new SessionState(session, questionnaire, [.. events]);
    }

    private static bool Counts(Answer answer, QuestionnaireSession session, Questionnaire questionnaire) => answer.SessionId == session.Id
        || questionnaire.Purpose == QuestionnairePurpose.Onboarding && answer.QuestionnaireId == session.QuestionnaireId && answer.Kind != AnswerKind.Skipped;

    private static void RequireAskable(SessionState state, Questionnaire questionnaire, Answer answer)
    {
        if (answer.Kind == AnswerKind.Withdrawn && state.Interview.StandingFor(answer.QuestionId) is null)
            throw Refused("answer.kind", $"is withdrawn, but \"{answer.QuestionId}\" has no answer that could be taken back");
        if (answer.Kind == AnswerKind.Withdrawn || state.Interview.Applies(answer.QuestionId) == true) return;
        string others = string.Join(", ", questionnaire.Find(answer.QuestionId)!.When!.Leaves.Select(leaf => $"\"{leaf.Question}\"").Distinct());
        throw Refused("answer.question_id", $"is \"{answer.QuestionId}\", which is asked only under a condition on {others} that does not hold");
    }

    private static RefusedException Refused(string field, string problem) => new(StatusCode.FailedPrecondition, $"{field} {problem}", [new(field, problem)]);

    private async Task<bool> IsLinkedAsync(Person from, Person to, CancellationToken cancellation) => to.Kind == PersonKind.Customer
        && (await shop.Store.Links.OfAsync(shop.Tenant, from, cancellation)).From.Any(link => link.EndedAt is null && link.CustomerId == to.Id);

    private async Task<RefusedException> UnknownAsync(string sessionId, Person? claimed, CancellationToken cancellation)
    {
        var theirs = claimed is { } person ? await shop.Store.Sessions.ListAsync(shop.Tenant, person, cancellation) : [];
        return RefusedException.NotFound("session", sessionId, theirs.Select(one => one.Id));
    }
}
