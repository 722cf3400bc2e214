using Recommender.Interactions;
using Recommender.Server.Ingest;

namespace Recommender.Server.Profiles;

/// <summary>One history over all channels, devices and accounts of a person.</summary>
internal sealed class CircleEvents(Histories histories, Identities identities)
{
    /// <summary>What counts for the person, or for the customer they are, in the order in which it was recorded.</summary>
    public async ValueTask<IReadOnlyList<ShopEvent>> OfAsync(Person person, CancellationToken cancellation) =>
        await OfAsync(await identities.OfAsync(person, cancellation), cancellation);

    public async ValueTask<IReadOnlyList<ShopEvent>> OfAsync(Circle circle, CancellationToken cancellation)
    {
        if (circle.IsAlone) return (await histories.OfAsync(circle.Root, cancellation)).Events;
        var counted = new List<(long Position, ShopEvent Event)>();
        foreach (var person in circle.People)
        {
            var (events, positions) = await histories.OfAsync(person, cancellation);
            for (int i = 0; i < events.Count; i++)
            {
                if (circle.Owns(events[i])) counted.Add((positions[i], events[i]));
            }
        }
        counted.Sort((a, b) => a.Position.CompareTo(b.Position));
        return [.. counted.Select(one => one.Event)];
    }
}
