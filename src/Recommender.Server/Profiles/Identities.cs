using System.Collections.Concurrent;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>
/// Who is who, in memory as far as it was asked for lately. A change of links forgets those it is about, and whoever was being read meanwhile
/// is not remembered.
/// </summary>
/// <param name="read">A person's links, for answers; who changes them asks the store.</param>
internal sealed class Identities(
    IIdentityLinks links, Func<Person, CancellationToken, Task<PersonLinks>> read, Tenant tenant, TimeProvider time, int mostPeople) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1);
    private volatile Memory _memory = new();
    private long _changes;

    public async ValueTask<Circle> OfAsync(Person person, CancellationToken cancellation)
    {
        long changes = Interlocked.Read(ref _changes);
        var memory = _memory;
        if (memory.Young.TryGetValue(person, out var known)) return known;
        if (!memory.Old.TryGetValue(person, out known)) known = await ReadAsync(person, read, cancellation);
        if (Interlocked.Read(ref _changes) != changes) return known;
        memory.Young[person] = known;
        // Put in between the look and this line by a change: it must not stay.
        if (Interlocked.Read(ref _changes) != changes) memory.Young.TryRemove(person, out _);
        if (memory.Young.Count >= mostPeople / 2) Interlocked.CompareExchange(ref _memory, new Memory { Old = memory.Young }, memory);
        return known;
    }

    /// <summary>As the store has it at this moment: for who decides by it.</summary>
    public Task<Circle> FreshAsync(Person person, CancellationToken cancellation) => ReadAsync(person, LinksOfAsync, cancellation);

    public Task<PersonLinks> LinksOfAsync(Person person, CancellationToken cancellation) => links.OfAsync(tenant, person, cancellation);

    /// <summary>The links that tell to whom a person's events belong, and those of everybody in the same circle. One read for somebody without links.</summary>
    public Task<IReadOnlyList<IdentityLink>> CircleLinksAsync(Person person, CancellationToken cancellation) =>
        new CircleReading(LinksOfAsync, time.GetUtcNow()).LinksAsync(person, cancellation);

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
    /// <param name="about">The two it is about.</param>
    /// <param name="attempt">Whether it is done, whether anything was written for it, and what came of it.</param>
    public async Task<T> ChangeAsync<T>(Person[] about, Func<Task<LinkAttempt<T>>> attempt, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var touched = await TouchedByAsync(about, cancellation);
                bool untouched = false;
                try
                {
                    var outcome = await attempt();
                    untouched = outcome is { Done: true, Written: false };
                    if (outcome.Done) return outcome.Result;
                }
                finally
                {
                    if (!untouched) Forget(touched);
                }
            }
        }
        finally { _changing.Release(); }
    }

    /// <summary>What was remembered of everybody may no longer be true.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        _memory = new Memory();
    }

    /// <summary>Links of these people changed elsewhere: what was remembered with any of them may no longer be true. Looks at everybody held.</summary>
    public void ForgetCirclesOf(IReadOnlySet<Person> people)
    {
        Interlocked.Increment(ref _changes);
        var memory = _memory;
        foreach (var generation in (ConcurrentDictionary<Person, Circle>[])[memory.Young, memory.Old])
        {
            foreach (var (person, circle) in generation)
            {
                if (people.Contains(person) || (!circle.IsAlone && circle.Concerns(people))) generation.TryRemove(person, out _);
            }
        }
    }

    /// <summary>Makes room: what was remembered of the person, which was true; null where nothing was.</summary>
    public Circle? LetGo(Person person)
    {
        var memory = _memory;
        memory.Young.TryRemove(person, out var young);
        memory.Old.TryRemove(person, out var old);
        return young ?? old;
    }

    public void Dispose() => _changing.Dispose();

    private void Forget(HashSet<Person> people)
    {
        Interlocked.Increment(ref _changes);
        var memory = _memory;
        foreach (var person in people)
        {
            memory.Young.TryRemove(person, out _);
            memory.Old.TryRemove(person, out _);
        }
    }

    /// <summary>Everybody in a circle with either, or with a customer of a device they share.</summary>
    private async Task<HashSet<Person>> TouchedByAsync(Person[] about, CancellationToken cancellation)
    {
        var touched = new HashSet<Person>(about);
        foreach (var person in about)
        {
            var map = new IdentityMap(await CircleLinksAsync(person, cancellation));
            foreach (var sharing in map.CustomersOf(person).Select(Person.Customer).Append(person))
            {
                var circle = await ReadAsync(sharing, LinksOfAsync, cancellation);
                touched.UnionWith(circle.People);
            }
        }
        return touched;
    }

    private async Task<Circle> ReadAsync(Person person, Func<Person, CancellationToken, Task<PersonLinks>> from, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var found = await new CircleReading(from, now).LinksAsync(person, cancellation);
        if (found.Count == 0) return Circle.Alone(person);
        var map = new IdentityMap(found);
        var root = map.OwnerOf(person, now);
        return new Circle(root, map.CircleOf(root), map);
    }

    private sealed class Memory
    {
        public ConcurrentDictionary<Person, Circle> Young { get; } = new();

        public ConcurrentDictionary<Person, Circle> Old { get; init; } = new();
    }
}

/// <summary>What became of one try to change links.</summary>
/// <param name="Done">False where somebody else changed them first.</param>
/// <param name="Written">Whether the store was changed.</param>
internal readonly record struct LinkAttempt<T>(bool Done, bool Written, T Result);
