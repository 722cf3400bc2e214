using System.Collections.Concurrent;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>
/// Who is who, in memory as far as it was asked for lately. Links change seldom, so every change forgets all that was remembered: what is read
/// next is read from the store.
/// </summary>
internal sealed class Identities(IIdentityLinks links, Tenant tenant, TimeProvider time, int mostPeople) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1);
    private volatile Memory _memory = new();

    public async ValueTask<Circle> OfAsync(Person person, CancellationToken cancellation)
    {
        var memory = _memory;
        if (memory.Young.TryGetValue(person, out var known)) return known;
        if (!memory.Old.TryGetValue(person, out known)) known = await ReadAsync(person, cancellation);
        // Into the memory it was read under: if links have changed meanwhile, that one has been forgotten and this goes with it.
        memory.Young[person] = known;
        if (memory.Young.Count >= mostPeople / 2) Interlocked.CompareExchange(ref _memory, new Memory { Old = memory.Young }, memory);
        return known;
    }

    public Task<PersonLinks> LinksOfAsync(Person person, CancellationToken cancellation) => links.OfAsync(tenant, person, cancellation);

    /// <summary>The links that tell to whom a person's events belong, and those of everybody in the same circle.</summary>
    public async Task<IReadOnlyList<IdentityLink>> CircleLinksAsync(Person person, CancellationToken cancellation)
    {
        var found = new List<IdentityLink>();
        var root = person;
        for (var own = await links.OfAsync(tenant, root, cancellation); ;)
        {
            var holding = own.From.Where(link => link.EndedAt is null).ToArray();
            found.AddRange(holding);
            var owner = new IdentityMap(holding).OwnerOf(root, time.GetUtcNow());
            // The second condition ends a ring, should the store hold one.
            if (owner == root || found.Count(link => link.From == root) > holding.Length) break;
            (root, own) = (owner, await links.OfAsync(tenant, owner, cancellation));
        }
        await AddThoseBelowAsync(root, found, cancellation);
        return found;
    }

    /// <summary>Everything that holds, for a training.</summary>
    public async Task<IdentityMap> AllAsync(CancellationToken cancellation)
    {
        var holding = new List<IdentityLink>();
        await foreach (var link in links.ReadHoldingAsync(tenant, cancellation)) holding.Add(link);
        return holding.Count == 0 ? IdentityMap.Empty : new IdentityMap(holding);
    }

    /// <summary>
    /// Makes a change that is worked out from the links as they are. When somebody else changes them first, it is worked out anew.
    /// </summary>
    public async Task<T> ChangeAsync<T>(Func<Task<(bool Done, T Result)>> attempt, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var (done, result) = await attempt();
                _memory = new Memory();
                if (done) return result;
            }
        }
        finally { _changing.Release(); }
    }

    /// <summary>What was remembered may no longer be true.</summary>
    public void Forget() => _memory = new Memory();

    public void Dispose() => _changing.Dispose();

    private async Task<Circle> ReadAsync(Person person, CancellationToken cancellation)
    {
        var found = await CircleLinksAsync(person, cancellation);
        if (found.Count == 0) return Circle.Alone(person);
        var map = new IdentityMap(found);
        var root = map.OwnerOf(person, time.GetUtcNow());
        return new Circle(root, map.CircleOf(root), map);
    }

    private async Task AddThoseBelowAsync(Person root, List<IdentityLink> found, CancellationToken cancellation)
    {
        var known = new HashSet<Person> { root };
        var waiting = new Queue<Person>([root]);
        while (waiting.TryDequeue(out var person))
        {
            var own = await links.OfAsync(tenant, person, cancellation);
            // Of a shared device all links count: they say which of its time is whose.
            if (person.Kind == PersonKind.Visitor) found.AddRange(own.From.Where(link => link.EndedAt is null));
            foreach (var link in own.To.Where(link => link.EndedAt is null))
            {
                found.Add(link);
                if (known.Add(link.From)) waiting.Enqueue(link.From);
            }
        }
    }

    private sealed class Memory
    {
        public ConcurrentDictionary<Person, Circle> Young { get; } = new();

        public ConcurrentDictionary<Person, Circle> Old { get; init; } = new();
    }
}
