using Grpc.Core;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Security;
using Recommender.Storage;

namespace Recommender.Server.Ingest;

internal sealed class EventEndpoint(Shop shop, EventMapping mapping, EventImports imports, TimeProvider time) : EventService.EventServiceBase
{
    private const int MostEvents = 1000;

    public override async Task<RecordEventsResponse> RecordEvents(RecordEventsRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        if (request.Events.Count > MostEvents) check.Add("events", $"has {request.Events.Count} entries, at most {MostEvents} are allowed in one call");
        check.ThrowIfAny();
        var events = request.Events.Select((wire, i) => mapping.FromWire(wire, $"events[{i}].", check)).ToArray();
        check.ThrowIfAny();
        foreach (var happened in events) AccessGate.RequireVisitor(context, happened.Person);
        for (int i = 0; i < events.Length; i++) shop.Erased.ThrowIfErased(events[i].Person, $"events[{i}]");

        var outcomes = await shop.Intake.RecordAsync(events, i => request.Events[i].OccurredAt is null, context.CancellationToken);
        ThrowIfConflicts(events, outcomes);
        return new RecordEventsResponse { Statuses = { outcomes.Select(outcome => ToWire(outcome.Status)) } };
    }

    public override Task<ImportEventsResponse> ImportEvents(IAsyncStreamReader<ImportEventsRequest> requestStream, ServerCallContext context) =>
        imports.RunAsync(requestStream, context.CancellationToken);

    public override async Task<ImportState> GetImport(GetImportRequest request, ServerCallContext context) =>
        await imports.FindAsync(request.ImportId, context.CancellationToken)
            ?? throw new RefusedException(StatusCode.NotFound, $"there is no import \"{request.ImportId}\"");

    public override async Task<UndoEventResponse> UndoEvent(UndoEventRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var undone = await shop.Store.Events.FindAsync(shop.Tenant, request.EventId, cancellation)
            ?? throw new RefusedException(StatusCode.NotFound, $"there is no event \"{request.EventId}\"");
        if (undone.Event.Type == EventTypes.Undo)
            throw new RefusedException(StatusCode.FailedPrecondition, $"\"{request.EventId}\" takes an event back itself; record what it took back again, under a new id");
        var undo = new ShopEvent
        {
            EventId = EventMapping.UndoPrefix + request.EventId,
            Type = EventTypes.Undo,
            Person = undone.Event.Person,
            ItemId = undone.Event.ItemId,
            OccurredAt = time.GetUtcNow(),
            UndoesEventId = request.EventId,
        };
        // A second undo differs in its time only; what it asks for has been done.
        var outcome = (await shop.Intake.RecordAsync([undo], stampedNow: _ => true, cancellation))[0];
        return new UndoEventResponse { Status = ToWire(outcome.Status) };
    }

    internal static EventStatus ToWire(AppendStatus status) => status switch
    {
        AppendStatus.Appended => EventStatus.Recorded,
        AppendStatus.Duplicate => EventStatus.Duplicate,
        _ => EventStatus.Conflict,
    };

    private static void ThrowIfConflicts(ShopEvent[] events, IReadOnlyList<AppendOutcome> outcomes)
    {
        var conflicts = new List<Violation>();
        for (int i = 0; i < events.Length; i++)
        {
            if (outcomes[i].Status == AppendStatus.Conflict)
                conflicts.Add(new($"events[{i}].event_id", $"\"{events[i].EventId}\" was recorded before with other content, which stays; a new event needs a new id"));
        }
        if (conflicts.Count > 0)
            throw new RefusedException(StatusCode.AlreadyExists, $"{conflicts[0].Field} {conflicts[0].Problem}; the other events of this call are recorded", conflicts);
    }
}
