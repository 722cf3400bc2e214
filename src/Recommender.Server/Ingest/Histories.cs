using System.Collections.Concurrent;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Ingest;

/// <summary>
/// What the people who are active have done, in memory. Two generations keep it bounded: who is asked for moves to the young one, and when
/// that is full the old one is forgotten. A person not held is one indexed read of the store.
/// </summary>
internal sealed class Histories(IEventLog log, Tenant tenant, int mostPeople)
{
    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<Person, RememberedHistory> _young = new();
    private volatile ConcurrentDictionary<Person, RememberedHistory> _old = new();

    /// <summary>Everything a person did, in the order in which it was recorded.</summary>
    public async ValueTask<PersonEvents> OfAsync(Person person, CancellationToken cancellation)
    {
        var history = _young.TryGetValue(person, out var young) ? young : Rejuvenate(person);
        if (history.TryGet(out var events)) return events;
        // Several may read at once for one person; the first result stands, and a read that fails leaves nothing behind.
        return history.Complete(await log.ReadPersonAsync(tenant, person, cancellation));
    }

    /// <summary>Adds an event that is on disk. Whoever is not held will find it there.</summary>
    public void Add(StoredEvent stored)
    {
        var person = stored.Event.Person;
        if (!_young.TryGetValue(person, out var history))
        {
            // A miss is believed only while no generation turns: otherwise a history on its way to the young one would lack the event.
            lock (_turning)
            {
                if (!_young.TryGetValue(person, out history) && !_old.TryGetValue(person, out history)) return;
            }
        }
        history.Add(stored);
    }

    /// <summary>What is remembered of these people is read anew: events of theirs were deleted.</summary>
    public void Forget(IEnumerable<Person> people)
    {
        lock (_turning)
        {
            foreach (var person in people)
            {
                _young.TryRemove(person, out _);
                _old.TryRemove(person, out _);
            }
        }
    }

    private RememberedHistory Rejuvenate(Person person)
    {
        lock (_turning)
        {
            if (_young.TryGetValue(person, out var history)) return history;
            if (_young.Count >= mostPeople / 2) (_old, _young) = (_young, new());
            history = _old.TryGetValue(person, out var old) ? old : new RememberedHistory();
            _young[person] = history;
            return history;
        }
    }
}
