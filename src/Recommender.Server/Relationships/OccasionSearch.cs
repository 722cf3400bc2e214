using System.Text;
using Recommender.Interactions;
using Recommender.Relationship;
using Recommender.Server.Ingest;
using Recommender.Server.Profiles;

namespace Recommender.Server.Relationships;

/// <summary>Looks for occasions customer by customer, in the order of the ids: all who have a profile or a stage.</summary>
internal sealed class OccasionSearch(Shop shop)
{
    /// <param name="after">The last customer looked at; null to begin.</param>
    /// <returns>What was found, and the last customer looked at; null where nobody is left.</returns>
    public async Task<(IReadOnlyList<(string CustomerId, Occasion Occasion)> Found, string? Last)> AfterAsync(string? after, int customers, int within,
        IReadOnlySet<OccasionKind> kinds, CancellationToken cancellation)
    {
        var states = await shop.Store.LifeCycle.ListAsync(shop.Tenant, after, customers, cancellation);
        var profiles = await shop.Store.Customers.ListAsync(shop.Tenant, after, customers, cancellation);
        string[] ids = [.. states.Select(state => state.CustomerId).Union(profiles.Select(profile => profile.Id), StringComparer.Ordinal).Order(Utf8Order.Instance).Take(customers)];
        var found = new List<(string, Occasion)>();
        var circles = new CircleEvents(new Histories((person, stop) => shop.Store.Events.ReadPersonAsync(shop.Tenant, person, stop), mostPeople: 2), shop.Identities);
        foreach (string id in ids)
        {
            cancellation.ThrowIfCancellationRequested();
            var circle = await shop.Identities.FreshAsync(Person.Customer(id), cancellation);
            if (circle.Root.Id != id || shop.Erased.Contains(circle.Root)) continue;
            if (await shop.Relationships.WorkOutAsync(circle, await circles.OfAsync(circle, cancellation), cancellation) is not { } standing) continue;
            found.AddRange(standing.Occasions(within).Where(occasion => kinds.Contains(occasion.Kind)).Select(occasion => (id, occasion)));
        }
        return (found, ids.Length == customers ? ids[^1] : null);
    }

    /// <summary>The order in which stores list ids.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}
