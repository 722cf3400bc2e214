using Recommender.Interactions;
using Recommender.Server.Contacts;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>
/// Reads all that is kept of a person in one round trip and hands each part to whoever remembers it, so that what else is asked about them is in
/// memory.
/// </summary>
internal sealed class PersonReading(Shop shop, TimeProvider time)
{
    /// <summary>What a relationship and a budget look back on; what faded for longer says nothing any more.</summary>
    public static readonly TimeSpan ContactsKept = TimeSpan.FromDays(730);

    public async Task<PersonRecord> ReadAsync(Person person, CancellationToken cancellation)
    {
        shop.Reach.ThrowIfLost();
        // Held before the read: what is written meanwhile is told to these, and forgetting them leaves this read to nobody.
        var history = shop.Histories.Hold(person);
        var facts = shop.Facts.Hold(person);
        var boxes = shop.Exposures.Begin(person);
        var now = time.GetUtcNow();
        var unwritten = shop.Served.WaitingFor(person, now - Exposures.Window);
        var record = await shop.Store.People.ReadAsync(shop.Tenant, person, now - Exposures.Window, Exposures.MostBoxes, now - ContactsKept, cancellation);
        history.Complete(record.Events);
        facts.Complete(record.Profile, record.Contacts);
        shop.Exposures.Complete(boxes, [.. record.Shown, .. unwritten]);
        return record;
    }
}
