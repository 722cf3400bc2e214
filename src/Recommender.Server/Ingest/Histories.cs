using Recommender.Interactions;
using Recommender.Server.Profiles;
using Recommender.Storage;

namespace Recommender.Server.Ingest;

/// <summary>What the people who are active have done, in memory. A person not held is one indexed read of the store.</summary>
/// <param name="read">Everything a person did.</param>
internal sealed class Histories(Func<Person, CancellationToken, Task<IReadOnlyList<StoredEvent>>> read, int mostPeople)
{
    private readonly TwoGenerations<Person, RememberedHistory> _memory = new(mostPeople);

    /// <summary>Everything a person did, in the order in which it was recorded.</summary>
    public async ValueTask<PersonEvents> OfAsync(Person person, CancellationToken cancellation)
    {
        var history = Hold(person);
        if (history.TryGet(out var events)) return events;
        // Several may read at once for one person; the first result stands, and a read that fails leaves nothing behind.
        return history.Complete(await read(person, cancellation));
    }

    /// <summary>For who is about to read what the person did: what arrives meanwhile is put in.</summary>
    public RememberedHistory Hold(Person person) => _memory.Hold(person);

    /// <inheritdoc cref="TwoGenerations{TKey, TValue}.Pass"/>
    public void Pass(Person person) => _memory.Pass(person);

    public void HasPassed(Person person) => _memory.HasPassed(person);

    public bool IsHeld(Person person) => _memory.Find(person) is not null;

    /// <summary>Adds an event that is on disk; false where it was known. Whoever is not held will find it there.</summary>
    public bool Add(StoredEvent stored) => _memory.Find(stored.Event.Person)?.Add(stored) ?? false;

    /// <summary>What is remembered of these people is read anew: events of theirs were deleted.</summary>
    public void Forget(IEnumerable<Person> people)
    {
        foreach (var person in people) _memory.Forget(person);
    }

    public void Forget(Func<Person, bool> whose) => _memory.Forget(whose);

    public void Forget() => _memory.Clear();
}
