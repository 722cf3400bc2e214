using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Recommender.Server.Profiles;
using Recommender.Storage;

namespace Recommender.Server.Ingest;

/// <summary>
/// Imports of any length. How far one has come is on disk after every message, behind the events themselves: an import that breaks off is
/// taken up at its resume token, and what was sent twice is a duplicate by its id.
/// </summary>
internal sealed class EventImports(Shop shop, EventMapping mapping, IHostApplicationLifetime lifetime)
{
    private const int MostEvents = 1000;
    private const int MostFailures = 1000;
    private readonly ConcurrentDictionary<string, bool> _running = new(StringComparer.Ordinal);

    public async Task<ImportState?> FindAsync(string importId, CancellationToken cancellation)
    {
        string? stored = await shop.Store.Checkpoints.FindAsync(shop.Tenant, Name(importId), cancellation);
        return stored is null ? null : JsonParser.Default.Parse<ImportState>(stored);
    }

    public async Task<ImportEventsResponse> RunAsync(IAsyncStreamReader<ImportEventsRequest> stream, CancellationToken caller)
    {
        // A server that stops does not wait for the end of an import: it can be taken up again.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(caller, lifetime.ApplicationStopping);
        var cancellation = stopping.Token;
        if (!await stream.MoveNext(cancellation)) throw new RefusedException(StatusCode.InvalidArgument, "the import is empty: it has not even an import_id");
        string importId = stream.Current.ImportId;
        var check = new RequestCheck();
        check.Id("import_id", importId);
        check.ThrowIfAny();
        if (!_running.TryAdd(importId, true)) throw new RefusedException(StatusCode.Aborted, $"import \"{importId}\" is already running; let it end or cancel it");
        try
        {
            var response = new ImportEventsResponse { State = await BeginAsync(importId, stream.Current.ResumeToken, cancellation) };
            do await TakeAsync(stream.Current, response, cancellation);
            while (await stream.MoveNext(cancellation));
            response.State.Complete = true;
            await SaveAsync(response.State, cancellation);
            return response;
        }
        finally { _running.TryRemove(importId, out _); }
    }

    private async Task<ImportState> BeginAsync(string importId, string token, CancellationToken cancellation)
    {
        if (token.Length == 0) return new ImportState { ImportId = importId };
        var state = await FindAsync(importId, cancellation);
        if (state?.ResumeToken == token) { state.Complete = false; return state; }
        throw new RefusedException(StatusCode.InvalidArgument, $"resume_token is not the one of import \"{importId}\"; GetImport tells it",
            [new("resume_token", "is not the present one of this import")]);
    }

    private async Task TakeAsync(ImportEventsRequest request, ImportEventsResponse response, CancellationToken cancellation)
    {
        if (request.Events.Count > MostEvents)
            throw new RefusedException(StatusCode.InvalidArgument, $"events has {request.Events.Count} entries, at most {MostEvents} are allowed in one message");
        var state = response.State;
        var valid = new List<ShopEvent>(request.Events.Count);
        var places = new List<int>(request.Events.Count);
        int first = response.Statuses.Count;
        foreach (var wire in request.Events)
        {
            var check = new RequestCheck();
            var shopEvent = mapping.FromWire(wire, "", check);
            // One who asked to be forgotten must not end the import of everybody else.
            if (!check.Found && shop.Erased.Contains(shopEvent.Person)) check.Add(ErasedPeople.FieldOf(shopEvent.Person), ErasedPeople.Problem);
            response.Statuses.Add(EventStatus.Invalid);
            if (!check.Found) { valid.Add(shopEvent); places.Add(response.Statuses.Count - 1); }
            else Fail(response, state.Events + response.Statuses.Count - 1 - first, wire.EventId, check.First.Field, check.First.Problem);
        }

        var outcomes = await shop.Intake.RecordAsync(valid, i => request.Events[places[i] - first].OccurredAt is null, cancellation);
        for (int i = 0; i < outcomes.Count; i++)
        {
            response.Statuses[places[i]] = EventEndpoint.ToWire(outcomes[i].Status);
            switch (outcomes[i].Status)
            {
                case AppendStatus.Appended: state.Recorded++; break;
                case AppendStatus.Duplicate: state.Duplicates++; break;
                default:
                    state.Conflicts++;
                    Fail(response, state.Events + places[i] - first, valid[i].EventId, "event_id", "was recorded before with other content, which stays");
                    break;
            }
        }
        state.Invalid += request.Events.Count - valid.Count;
        state.Events += request.Events.Count;
        state.ResumeToken = $"{state.Events}";
        await SaveAsync(state, cancellation);
    }

    private static void Fail(ImportEventsResponse response, long index, string eventId, string field, string problem)
    {
        if (response.Failures.Count < MostFailures)
            response.Failures.Add(new ImportFailure { Index = index, EventId = eventId, Field = field, Problem = problem });
    }

    private Task SaveAsync(ImportState state, CancellationToken cancellation) =>
        shop.Store.Checkpoints.SetAsync(shop.Tenant, Name(state.ImportId), JsonFormatter.Default.Format(state), cancellation);

    private static string Name(string importId) => "import:" + importId;
}
