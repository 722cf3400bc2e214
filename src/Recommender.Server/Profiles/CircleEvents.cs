using Recommender.Interactions;
using Recommender.Server.Ingest;

namespace Recommender.Server.Profiles;

/// <summary>One history over all channels, devices and accounts of a person.</summary>
internal sealed class CircleEvents(Histories histories, Identities identities)
{
    /// <summary>What counts for the person, or for the customer they are, in the order in which it was recorded.</summary>
    public async ValueTask<IReadOnlyList<ShopEvent>> OfAsync(Person person, CancellationToken cancellation) =>
        await OfAsync(await identities.OfAsync(person, cancellation), cancellation);

    public async ValueTask<IReadOnlyList<ShopEvent>> OfAsync(Circle circle, CancellationToken cancellation) => (await CountedAsync(circle, cancellation)).Events;

    /// <summary>The same with what is remembered of them; of somebody without links nothing is copied.</summary>
    public async ValueTask<PersonEvents> CountedAsync(Circle circle, CancellationToken cancellation)
    {
        if (circle.IsAlone) return await histories.OfAsync(circle.Root, cancellation);
        var counted = new List<(long Position, ShopEvent Event)>();
        foreach (var person in circle.People)
        {
            var held = await histories.OfAsync(person, cancellation);
            for (int i = 0; i < held.Events.Count; i++)
            {
                if (circle.Owns(held.Events[i])) counted.Add((held.Positions[i], held.Events[i]));
            }
        }
        counted.Sort((a, b) => a.Position.CompareTo(b.Position));
        return new PersonEvents(counted.Select(one => one.Event).ToArray(), counted.Select(one => one.Position).ToArray());
    }
}
