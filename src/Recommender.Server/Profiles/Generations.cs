using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Recommender.Interactions;

namespace Recommender.Server.Profiles;

/// <summary>
/// What was worked out about people, those asked for lately and those asked for before: when it is full, the latter make room. Nobody waits
/// for anybody here: how many there are is counted beside, since <see cref="ConcurrentDictionary{TKey, TValue}.Count"/> takes all locks
/// there are.
/// </summary>
internal sealed class Generations<TValue>
    where TValue : class
{
    private readonly ConcurrentDictionary<Person, TValue> _young = new();
    private readonly ConcurrentDictionary<Person, TValue> _old;
    private int _count;

    public Generations()
        : this(new()) { }

    private Generations(ConcurrentDictionary<Person, TValue> old) => _old = old;

    /// <summary>Those asked for lately.</summary>
    public int Young => Volatile.Read(ref _count);

    /// <summary>The next ones, in which who is asked for lately here was asked for before.</summary>
    public Generations<TValue> Turned() => new(_young);

    public bool TryGetYoung(Person person, [MaybeNullWhen(false)] out TValue value) => _young.TryGetValue(person, out value);

    public bool TryGetOld(Person person, [MaybeNullWhen(false)] out TValue value) => _old.TryGetValue(person, out value);

    /// <summary>From now on it is asked for lately.</summary>
    public void Put(Person person, TValue value)
    {
        // Whoever is removed between two of these is added, and counted, at the next turn.
        while (!_young.TryAdd(person, value))
        {
            if (_young.TryGetValue(person, out var there) && _young.TryUpdate(person, value, there)) return;
        }
        Interlocked.Increment(ref _count);
    }

    /// <returns>What there was; null: nothing.</returns>
    public TValue? Remove(Person person)
    {
        if (_young.TryRemove(person, out var young)) Interlocked.Decrement(ref _count);
        _old.TryRemove(person, out var old);
        return young ?? old;
    }

    /// <summary>Looks at everybody.</summary>
    public void Remove(Func<Person, TValue, bool> which)
    {
        foreach (var generation in (ConcurrentDictionary<Person, TValue>[])[_young, _old])
        {
            foreach (var (person, value) in generation)
            {
                if (which(person, value)) Remove(person);
            }
        }
    }
}
