using Grpc.Core;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Server.Errors;
using Recommender.Server.Profiles;
using Recommender.Storage;

namespace Recommender.Server.Questionnaires;

/// <summary>A session at one moment: whose, what was said in it, and the version it goes through.</summary>
/// <param name="Events">The answers that count in it, in the order in which they were recorded.</param>
internal sealed record SessionState(QuestionnaireSession Session, Questionnaire Questionnaire, IReadOnlyList<ShopEvent> Events)
{
    public Interview Interview { get; } = new(Questionnaire, Events.Select(one => one.Answer!));

    /// <summary>What was said under the session's own id alone. Who sits at a visitor's device need not be the customer it is linked to.</summary>
    public Interview Own => new(Questionnaire, Events.Where(one => one.Person == Session.Person).Select(one => one.Answer!));
}

/// <summary>People on their way through questionnaires. What they answer goes into the event log; only who is under way is kept beside it.</summary>
internal sealed class Sessions(Shop shop, Definitions definitions, TimeProvider time)
{
    /// <summary>A new session, or the open one of this person, on whatever device it was begun.</summary>
    public async Task<SessionState> StartAsync(string questionnaireId, int? version, Person person, string language, CancellationToken cancellation)
    {
        shop.Erased.ThrowIfErased(person);
        var questionnaire = definitions.Published(questionnaireId, version);
        if (await OpenAsync(questionnaireId, person, cancellation) is { } open)
        {
            var state = await StateOfAsync(open, cancellation);
            if ((version is null || version == open.Version) && GoesOn(state)) return state;
            await shop.Store.Sessions.TryEndAsync(shop.Tenant, open.Id, time.GetUtcNow(), cancellation);
        }
        int earlier = (await shop.Store.Sessions.ListAsync(shop.Tenant, person, cancellation)).Count(one => one.QuestionnaireId == questionnaireId);
        // Two who start at once count alike and so begin one session.
        string id = shop.SessionIds.Of(person, questionnaireId, earlier);
        var session = new QuestionnaireSession(id, questionnaireId, questionnaire.Version, person, language.Length > 0 ? language : questionnaire.Language, time.GetUtcNow());
        if (!await shop.Store.Sessions.TryStartAsync(shop.Tenant, session, cancellation))
            session = await shop.Store.Sessions.FindAsync(shop.Tenant, id, cancellation) ?? throw new InvalidOperationException($"the session {id} is there and cannot be found");
        return await StateOfAsync(session, cancellation);
    }

    /// <exception cref="RefusedException">There is none. It names no other: who has a session's id may go on with it.</exception>
    public async Task<SessionState> FindAsync(string sessionId, CancellationToken cancellation) =>
        await StateOfAsync(await shop.Store.Sessions.FindAsync(shop.Tenant, sessionId, cancellation) ?? throw RefusedException.NotFound("session", sessionId, []), cancellation);

    /// <exception cref="RefusedException">The session is neither the person's nor that of somebody linked to them.</exception>
    public async Task RequireOfAsync(QuestionnaireSession session, Person? claimed, CancellationToken cancellation)
    {
        if (claimed is { } person && person != session.Person && !await IsLinkedAsync(session.Person, person, cancellation))
            throw new RefusedException(StatusCode.PermissionDenied, $"the session \"{session.Id}\" is not one of {person}",
                [new(person.Kind == PersonKind.Customer ? "customer_id" : "visitor_id", $"is \"{person.Id}\", whose session this is not")]);
    }

    public async Task<SessionState> EndAsync(string sessionId, CancellationToken cancellation)
    {
        var state = await FindAsync(sessionId, cancellation);
        if (state.Session.EndedAt is not null) return state;
        await shop.Store.Sessions.TryEndAsync(shop.Tenant, sessionId, time.GetUtcNow(), cancellation);
        return await FindAsync(sessionId, cancellation);
    }

    /// <summary>Records an answer that was found in order, unless it is the one that was given last.</summary>
    /// <param name="isNext">Whether a question is the one that comes next: passing over it again is then no repeat.</param>
    public async Task<AppendStatus> SubmitAsync(SessionState state, Answer answer, Func<string, bool> isNext, CancellationToken cancellation)
    {
        var (session, questionnaire, _) = state;
        answer = answer with { SessionId = session.Id };
        var events = await shop.OwnEventsOfAsync(session.Person, cancellation);
        var before = events.LastOrDefault(Same);
        var last = AnswerEvents.Standing(events).LastOrDefault(Same);
        bool again = last?.Answer == answer && !(answer.Kind == AnswerKind.Skipped && isNext(answer.QuestionId));
        if (again) return AppendStatus.Duplicate;
        if (session.EndedAt is { } ended)
            throw new RefusedException(StatusCode.FailedPrecondition,
                $"the session \"{session.Id}\" ended at {ended:O} and takes no answer; start another", [new("session_id", "has ended; start another session")]);
        RequireAskable(state, questionnaire, answer);
        while (true)
        {
            var happened = AnswerEvents.Of(session.Person, answer, before, time.GetUtcNow());
            var status = (await shop.Intake.RecordAsync([happened], stampedNow: _ => true, cancellation))[0].Status;
            if (status != AppendStatus.Duplicate || await shop.Store.Events.FindAsync(shop.Tenant, happened.EventId, cancellation) is not null)
                return status;
            // It was said before and forgotten for good at the person's wish. Said anew it is another event.
            before = happened;
        }

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
        var own = AnswerEvents.Standing(await shop.OwnEventsOfAsync(session.Person, cancellation)).Where(one => one.Answer!.SessionId == session.Id).ToArray();
        if (questionnaire.Purpose != QuestionnairePurpose.Onboarding) return new SessionState(session, questionnaire, own);
        // What was begun on a device that has become somebody else's since is still one session.
        var known = AnswerEvents.Standing(await shop.Circles.OfAsync(session.Person, cancellation)).Where(one => Counts(one.Answer!, session)).ToArray();
        var ids = known.Select(one => one.EventId).ToHashSet(StringComparer.Ordinal);
        return new SessionState(session, questionnaire, [.. known, .. own.Where(one => !ids.Contains(one.EventId))]);
    }

    private static bool Counts(Answer answer, QuestionnaireSession session) =>
        answer.SessionId == session.Id || answer.QuestionnaireId == session.QuestionnaireId && answer.Kind != AnswerKind.Skipped;

    /// <summary>The newest session that is open, of the person or of whoever they are linked to, on a device that was theirs when it began.</summary>
    private async Task<QuestionnaireSession?> OpenAsync(string questionnaireId, Person person, CancellationToken cancellation)
    {
        // A visitor's device may be in other hands: it is not shown what the customer said elsewhere.
        var circle = person.Kind == PersonKind.Customer ? await shop.Identities.OfAsync(person, cancellation) : Circle.Alone(person);
        QuestionnaireSession? newest = null;
        foreach (var one in circle.People)
        {
            var sessions = await shop.Store.Sessions.ListAsync(shop.Tenant, one, cancellation);
            var open = sessions.FirstOrDefault(session => session.QuestionnaireId == questionnaireId && session.EndedAt is null
                && (circle.IsAlone || circle.Map.OwnerOf(one, session.StartedAt) == circle.Root));
            if (open is not null && (newest is null || open.StartedAt > newest.StartedAt)) newest = open;
        }
        return newest;
    }

    private static void RequireAskable(SessionState state, Questionnaire questionnaire, Answer answer)
    {
        if (answer.Kind == AnswerKind.Withdrawn && state.Interview.StandingFor(answer.QuestionId) is null)
            throw Refused("answer.kind", $"is withdrawn, but \"{answer.QuestionId}\" has no answer that could be taken back");
        if (answer.Kind == AnswerKind.Withdrawn || state.Interview.Applies(answer.QuestionId) == true) return;
        string others = string.Join(", ", questionnaire.Find(answer.QuestionId)!.When!.Leaves.Select(leaf => $"\"{leaf.Question}\"").Distinct());
        throw Refused("answer.question_id", $"is \"{answer.QuestionId}\", which is asked only under a condition on {others} that does not hold");
    }

    private static RefusedException Refused(string field, string problem) =>
        new(StatusCode.FailedPrecondition, $"{field} {problem}", [new(field, problem)]);

    private async Task<bool> IsLinkedAsync(Person from, Person to, CancellationToken cancellation) => to.Kind == PersonKind.Customer
        && (await shop.Identities.OfAsync(to, cancellation)).People.Contains(from);
}
