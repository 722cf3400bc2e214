using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Ingest;
using Recommender.Server.Security;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Questionnaires;

internal sealed class QuestionnaireEndpoint : QuestionnaireService.QuestionnaireServiceBase
{
    private readonly Shop _shop;
    private readonly TimeProvider _time;
    private readonly Definitions _definitions;
    private readonly Sessions _sessions;
    private readonly AnswerIntake _answers;
    private readonly NextSteps _next;
    private readonly Results _results;

    public QuestionnaireEndpoint(Shop shop, TimeProvider time)
    {
        (_shop, _time) = (shop, time);
        _definitions = new Definitions(shop);
        _sessions = new Sessions(shop, _definitions, time);
        _answers = new AnswerIntake(shop, _definitions, time);
        _next = new NextSteps(shop, time);
        _results = new Results(shop, _definitions);
    }

    public override async Task<SaveDraftResponse> SaveDraft(SaveDraftRequest request, ServerCallContext context)
    {
        var (draft, problems) = await _definitions.SaveDraftAsync(request.Definition, context.CancellationToken);
        return new SaveDraftResponse
        {
            Questionnaire = ToWire(draft, whole: true),
            Problems = { problems.Select(fault => new DefinitionProblem { Path = fault.Path, Problem = fault.Problem }) },
        };
    }

    public override async Task<Wire.Questionnaire> PublishQuestionnaire(PublishQuestionnaireRequest request, ServerCallContext context) =>
        ToWire(await _definitions.PublishAsync(request.QuestionnaireId, request.BaseVersion, context.CancellationToken), whole: true);

    public override Task<Wire.Questionnaire> GetQuestionnaire(GetQuestionnaireRequest request, ServerCallContext context) =>
        Task.FromResult(ToWire(_definitions.Known(request.QuestionnaireId, request.HasVersion ? request.Version : null), whole: true));

    public override Task<ListQuestionnairesResponse> ListQuestionnaires(ListQuestionnairesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListQuestionnairesResponse { Questionnaires = { _shop.Questionnaires.All.Select(one => ToWire(one, whole: false)) } });

    public override async Task<Session> StartSession(StartSessionRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var person = PersonOf(request.HasCustomerId, request.CustomerId, request.HasVisitorId, request.VisitorId, "", check);
        if (person is null) check.Add("customer_id", "is missing; give a customer_id or a visitor_id");
        Language("language", request.Language, check);
        check.ThrowIfAny();
        AccessGate.RequireVisitor(context, person);
        var state = await _sessions.StartAsync(request.QuestionnaireId, request.HasVersion ? request.Version : null, person!.Value, request.Language, context.CancellationToken);
        return await ToWireAsync(state, state.Session.Language, context);
    }

    public override async Task<Session> GetSession(GetSessionRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        Language("language", request.Language, check);
        check.ThrowIfAny();
        var state = await _sessions.FindAsync(request.SessionId, context.CancellationToken);
        AccessGate.RequireVisitor(context, state.Session.Person);
        return await ToWireAsync(state, request.Language.Length > 0 ? request.Language : state.Session.Language, context);
    }

    public override async Task<SubmitAnswerResponse> SubmitAnswer(SubmitAnswerRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var claimed = PersonOf(request.HasCustomerId, request.CustomerId, request.HasVisitorId, request.VisitorId, "", check);
        check.ThrowIfAny();
        AccessGate.RequireVisitor(context, claimed);
        var state = await _sessions.FindAsync(request.SessionId, context.CancellationToken);
        AccessGate.RequireVisitor(context, state.Session.Person);
        await _sessions.RequireOfAsync(state.Session, claimed, context.CancellationToken);
        var answer = AnswerMapping.FromWire(request.Answer, state.Questionnaire, "answer", Today, _shop, check);
        check.ThrowIfAny();
        var step = answer!.Kind == Recommender.Questionnaires.AnswerKind.Skipped ? await _next.OfAsync(state, context.CancellationToken) : null;
        var status = await _sessions.SubmitAsync(state, answer, id => step?.Next.Question?.Id == id, context.CancellationToken);
        // A page in a browser says nothing of the customer its visitor is linked to.
        if (AccessGate.SeesCustomers(context)) await _answers.FillAsync(state.Session.Person, state.Questionnaire, answer.QuestionId, context.CancellationToken);
        var after = await _sessions.FindAsync(request.SessionId, context.CancellationToken);
        return new SubmitAnswerResponse { Status = EventEndpoint.ToWire(status), Session = await ToWireAsync(after, after.Session.Language, context) };
    }

    public override async Task<Session> EndSession(EndSessionRequest request, ServerCallContext context)
    {
        AccessGate.RequireVisitor(context, (await _sessions.FindAsync(request.SessionId, context.CancellationToken)).Session.Person);
        var state = await _sessions.EndAsync(request.SessionId, context.CancellationToken);
        return await ToWireAsync(state, state.Session.Language, context);
    }

    public override async Task<NextQuestionResponse> NextQuestion(NextQuestionRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var person = PersonOf(request.HasCustomerId, request.CustomerId, request.HasVisitorId, request.VisitorId, "", check);
        Language("language", request.Language, check);
        check.ThrowIfAny();
        AccessGate.RequireVisitor(context, person);
        var questionnaire = _definitions.Published(request.QuestionnaireId, request.HasVersion ? request.Version : null);
        var answers = request.Answers.Select((wire, i) => AnswerMapping.FromWire(wire, questionnaire, $"answers[{i}]", Today, _shop, check)).ToArray();
        check.ThrowIfAny();
        var step = await _next.OfAsync(questionnaire, person, answers!, context.CancellationToken);
        return new NextQuestionResponse { Version = questionnaire.Version, Next = step.ToWire(request.Language.Length > 0 ? request.Language : questionnaire.Language) };
    }

    public override Task<RecordAnswersResponse> RecordAnswers(RecordAnswersRequest request, ServerCallContext context) =>
        _answers.RecordAsync(request, context.CancellationToken);

    public override Task<GetResultsResponse> GetResults(GetResultsRequest request, ServerCallContext context) =>
        _results.OfAsync(request, context.CancellationToken);

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    internal static Person? PersonOf(bool isCustomer, string customerId, bool isVisitor, string visitorId, string path, RequestCheck check)
    {
        if (!isCustomer && !isVisitor) return null;
        check.Id(path + (isCustomer ? "customer_id" : "visitor_id"), isCustomer ? customerId : visitorId);
        return isCustomer ? Person.Customer(customerId) : Person.Visitor(visitorId);
    }

    private static void Language(string field, string language, RequestCheck check)
    {
        if (language.Length > 35 || !language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            check.Add(field, $"is \"{language}\", it must be a language tag such as en or de-AT");
    }

    private async Task<Session> ToWireAsync(SessionState state, string language, ServerCallContext context)
    {
        var session = state.Session;
        var shown = (AccessGate.SeesCustomers(context) ? state.Interview : state.Own).Standing;
        var wire = new Session
        {
            SessionId = session.Id,
            QuestionnaireId = session.QuestionnaireId,
            Version = session.Version,
            Language = language,
            StartedAt = Timestamp.FromDateTimeOffset(session.StartedAt),
            Answers = { shown.Select(AnswerMapping.ToWire) },
        };
        if (session.Person.Kind == PersonKind.Customer) wire.CustomerId = session.Person.Id;
        else wire.VisitorId = session.Person.Id;
        if (session.EndedAt is { } ended) wire.EndedAt = Timestamp.FromDateTimeOffset(ended);
        wire.Next = session.EndedAt is null
            ? (await _next.OfAsync(state, context.CancellationToken)).ToWire(language)
            : new NextStep { Finished = Wire.Finished.Asked };
        wire.Next.Answered = shown.Length;
        return wire;
    }

    private static Wire.Questionnaire ToWire(StoredQuestionnaire stored, bool whole) => new()
    {
        QuestionnaireId = stored.Definition.Id,
        Version = stored.Definition.Version,
        SavedAt = Timestamp.FromDateTimeOffset(stored.At),
        Purpose = QuestionMapping.ToWire(stored.Definition.Purpose),
        Title = stored.Definition.Title.In(stored.Definition.Language),
        Definition = whole ? JsonParser.Default.Parse<Struct>(stored.Json) : null,
    };
}
