using Recommender.Interactions;
using Recommender.Server.Changes;
using Recommender.Server.Profiles;
using Recommender.Storage;

namespace Recommender.Server.Ingest;

/// <summary>Puts events on disk and then into the histories, so that what was acknowledged counts in the next answer.</summary>
internal sealed class EventIntake(IEventLog log, Tenant tenant, Histories histories, ErasedPeople erased, StoreReach reach)
{
    /// <summary>Is told what was recorded, once it is on disk and in the histories.</summary>
    public Action<ShopEvent>? Recorded { get; set; }

    /// <param name="events">In the order in which they are to be recorded.</param>
    /// <param name="stampedNow">Whether an event was given this server's time because it had none of its own.</param>
    /// <param name="cancellation">Looked at before anything is recorded.</param>
    /// <exception cref="StoreUnavailableException">The store is known to be out of reach, or was found to be.</exception>
    public async Task<IReadOnlyList<AppendOutcome>> RecordAsync(IReadOnlyList<ShopEvent> events, Func<int, bool> stampedNow, CancellationToken cancellation)
    {
        if (events.Count == 0) return [];
        cancellation.ThrowIfCancellationRequested();
        reach.ThrowIfLost();
        foreach (var happened in events) erased.ThrowIfErased(happened.Person);
        // From here on it is recorded whoever gives up waiting: what is on disk must get into the histories.
        var outcomes = (await log.AppendAsync(tenant, events, CancellationToken.None)).ToArray();
        for (int i = 0; i < events.Count; i++)
        {
            if (outcomes[i].Status == AppendStatus.Appended)
            {
                histories.Add(new StoredEvent(outcomes[i].Position, events[i]));
                Recorded?.Invoke(events[i]);
            }
            if (outcomes[i].Status == AppendStatus.Conflict && stampedNow(i) && await IsRepeatAsync(events[i]))
                outcomes[i] = outcomes[i] with { Status = AppendStatus.Duplicate };
        }
        return outcomes;
    }

    /// <summary>An event sent again without a time gets a later one; what its sender said is the same.</summary>
    private async Task<bool> IsRepeatAsync(ShopEvent sent)
    {
        var stored = await log.FindAsync(tenant, sent.EventId, CancellationToken.None);
        return stored is { Event: var known } && known with { OccurredAt = sent.OccurredAt } == sent;
    }
}
