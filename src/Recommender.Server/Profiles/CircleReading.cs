using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>Goes from a person up to whom they belong, and from there to everybody who belongs to them. Nobody is read twice.</summary>
internal sealed class CircleReading(Func<Person, CancellationToken, Task<PersonLinks>> read, DateTimeOffset now)
{
    private readonly Dictionary<Person, PersonLinks> _known = [];
    private readonly List<IdentityLink> _found = [];

    public async Task<IReadOnlyList<IdentityLink>> LinksAsync(Person person, CancellationToken cancellation)
    {
        var root = person;
        var passed = new HashSet<Person>();
        // The set ends a ring, should the store hold one.
        while (passed.Add(root))
        {
            var holding = Holding((await OfAsync(root, cancellation)).From);
            _found.AddRange(holding);
            var owner = new IdentityMap(holding).OwnerOf(root, now);
            if (owner == root) break;
            root = owner;
        }
        await AddThoseBelowAsync(root, cancellation);
        return _found;
    }

    private async Task AddThoseBelowAsync(Person root, CancellationToken cancellation)
    {
        var met = new HashSet<Person> { root };
        var waiting = new Queue<Person>([root]);
        while (waiting.TryDequeue(out var person))
        {
            var own = await OfAsync(person, cancellation);
            // Of a shared device all links count: they say which of its time is whose.
            if (person.Kind == PersonKind.Visitor) _found.AddRange(Holding(own.From));
            foreach (var link in Holding(own.To))
            {
                _found.Add(link);
                if (met.Add(link.From)) waiting.Enqueue(link.From);
            }
        }
    }

    private async ValueTask<PersonLinks> OfAsync(Person person, CancellationToken cancellation) =>
        _known.TryGetValue(person, out var links) ? links : _known[person] = await read(person, cancellation);

    private static IdentityLink[] Holding(IReadOnlyList<IdentityLink> links) => [.. links.Where(link => link.EndedAt is null)];
}
