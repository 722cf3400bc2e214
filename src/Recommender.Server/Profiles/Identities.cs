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
    private volatile Generations<Circle> _memory = new();
    private long _changes;

    public ValueTask<Circle> OfAsync(Person person, CancellationToken cancellation) => OfAsync(person, read, Changes, cancellation);

    /// <param name="read">A person's links, where they are not read as everybody's are.</param>
    /// <param name="changes">How many there had been before anything was read.</param>
    public async ValueTask<Circle> OfAsync(
        Person person, Func<Person, CancellationToken, Task<PersonLinks>> read, long changes, CancellationToken cancellation)
    {
        var memory = _memory;
        if (memory.TryGetYoung(person, out var known)) return known;
        if (!memory.TryGetOld(person, out known)) known = await ReadAsync(person, read, cancellation);
        if (Changes != changes) return known;
        memory.Put(person, known);
        // Put in between the look and this line by a change: it must not stay.
        if (Changes != changes) memory.Remove(person);
        if (memory.Young >= mostPeople / 2) Interlocked.CompareExchange(ref _memory, memory.Turned(), memory);
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
        _memory = new();
    }

    /// <summary>Links of these people changed elsewhere: what was remembered with any of them may no longer be true. Looks at everybody held.</summary>
    public void ForgetCirclesOf(IReadOnlySet<Person> people)
    {
        Interlocked.Increment(ref _changes);
        _memory.Remove((person, circle) => people.Contains(person) || (!circle.IsAlone && circle.Concerns(people)));
    }

    /// <summary>Makes room; what was remembered was true.</summary>
    public void LetGo(Person person) => _memory.Remove(person);

    public void Dispose() => _changing.Dispose();

    private void Forget(HashSet<Person> people)
    {
        Interlocked.Increment(ref _changes);
        var memory = _memory;
        foreach (var person in people) memory.Remove(person);
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

    /// <summary>How often what was remembered was no longer true.</summary>
    public long Changes => Interlocked.Read(ref _changes);
}

/// <summary>What became of one try to change links.</summary>
/// <param name="Done">False where somebody else changed them first.</param>
/// <param name="Written">Whether the store was changed.</param>
internal readonly record struct LinkAttempt<T>(bool Done, bool Written, T Result);
