using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Ingest;

/// <summary>Puts events on disk and then into the histories, so that what was acknowledged counts in the next answer.</summary>
internal sealed class EventIntake(IEventLog log, Tenant tenant, Histories histories)
{
    public async Task<IReadOnlyList<AppendOutcome>> RecordAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        if (events.Count == 0) return [];
        cancellation.ThrowIfCancellationRequested();
        // From here on it is recorded whoever gives up waiting: what is on disk must get into the histories.
        var outcomes = await log.AppendAsync(tenant, events, CancellationToken.None);
        for (int i = 0; i < events.Count; i++)
        {
            if (outcomes[i].Status == AppendStatus.Appended) histories.Add(new StoredEvent(outcomes[i].Position, events[i]));
        }
        return outcomes;
    }
}
