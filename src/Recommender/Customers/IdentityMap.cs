using Recommender.Interactions;

namespace Recommender.Customers;

/// <summary>
/// Who a person's events belong to, from the links that hold. Links of a person are ordered by the moment from which they hold: an event
/// belongs to the last one at its moment, and what is older than all to the first. Immutable.
/// </summary>
public sealed class IdentityMap
{
    private readonly Dictionary<Person, IdentityLink[]> _from;
    private readonly ILookup<string, IdentityLink> _to;

    /// <param name="links">Ended ones are passed over.</param>
    public IdentityMap(IEnumerable<IdentityLink> links)
    {
        IdentityLink[] holding = [.. links.Where(link => link.EndedAt is null).DistinctBy(link => link.Id)];
        _from = holding.GroupBy(link => link.From)
            .ToDictionary(group => group.Key, group => group.OrderBy(link => link.Since).ThenBy(link => link.Id, StringComparer.Ordinal).ToArray());
        _to = holding.ToLookup(link => link.CustomerId, StringComparer.Ordinal);
    }

    public static IdentityMap Empty { get; } = new([]);

    public bool IsEmpty => _from.Count == 0;

    /// <summary>Whom something belongs to that a person did at a moment: the person where nothing links them.</summary>
    public Person OwnerOf(Person person, DateTimeOffset at)
    {
        // A ring is refused when it would be made; should the store hold one, nobody may go round it for ever.
        for (int step = 0; step <= _from.Count && _from.TryGetValue(person, out IdentityLink[]? links); step++)
        {
            int last = links.Length - 1;
            while (last > 0 && links[last].Since > at) last--;
            person = Person.Customer(links[last].CustomerId);
        }
        return person;
    }

    /// <summary>Everybody whose events may belong to the same customer, that customer first.</summary>
    public IReadOnlyList<Person> CircleOf(Person root)
    {
        var circle = new List<Person> { root };
        var known = new HashSet<Person> { root };
        for (int i = 0; i < circle.Count; i++)
        {
            if (circle[i].Kind != PersonKind.Customer) continue;
            foreach (IdentityLink link in _to[circle[i].Id])
            {
                if (known.Add(link.From)) circle.Add(link.From);
            }
        }
        return circle;
    }

    /// <summary>The links by which others belong to a customer.</summary>
    public IEnumerable<IdentityLink> LinksTo(string customerId) => _to[customerId];

    /// <summary>The customers that a person is linked to directly: more than one is a shared device.</summary>
    public IReadOnlyList<string> CustomersOf(Person person) =>
        _from.TryGetValue(person, out IdentityLink[]? links) ? [.. links.Select(link => link.CustomerId).Distinct(StringComparer.Ordinal)] : [];
}
