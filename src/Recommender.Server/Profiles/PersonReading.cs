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

    public async Task<PersonRecord> ReadAsync(Person person, CancellationToken cancellation) =>
        (await ReadAsync([person], cancellation))[0];

    /// <returns>One for each, in their order.</returns>
    public async Task<IReadOnlyList<PersonRecord>> ReadAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        shop.Reach.ThrowIfLost();
        var now = time.GetUtcNow();
        // Held before the read: what is written meanwhile is told to these, and forgetting them leaves this read to nobody.
        var held = people.Select(person => (
            History: shop.Histories.Hold(person),
            Facts: shop.Facts.Hold(person),
            Boxes: shop.Exposures.Begin(person),
            Unwritten: shop.Served.WaitingFor(person, now - Exposures.Window))).ToArray();
        var records = await shop.Store.People.ReadAsync(
            shop.Tenant, people, now - Exposures.Window, Exposures.MostBoxes, now - ContactsKept, cancellation);
        for (int i = 0; i < held.Length; i++)
        {
            held[i].History.Complete(records[i].Events);
            held[i].Facts.Complete(records[i].Profile, records[i].Contacts);
            shop.Exposures.Complete(held[i].Boxes, [.. records[i].Shown, .. held[i].Unwritten]);
        }
        return records;
    }
}
