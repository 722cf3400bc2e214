using System.Collections.Concurrent;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>
/// Some people who are looked at once, read together: what of them was not in memory before is not left there, so that a mailing to
/// everybody does not displace those who are active. What is in memory counts for them as for anybody.
/// </summary>
internal sealed class PassingPeople
{
    // One read of the store each: enough to share its cost, few enough that several threads have some, and that stopping is quick.
    private const int ReadTogether = 64;

    private readonly Shop _shop;
    private readonly ConcurrentDictionary<Person, PersonLinks?> _passing = new();
    private readonly Person[] _unread;

    public PassingPeople(Shop shop, IEnumerable<Person> people)
    {
        _shop = shop;
        _unread = [.. people.Where(person => !shop.Histories.IsHeld(person))];
        foreach (var person in _unread) Pass(person);
    }

    /// <summary>Reads all that is kept of them, and of those they are linked with.</summary>
    public async Task ReadAsync(ParallelOptions options)
    {
        long changes = _shop.Identities.Changes;
        await Parallel.ForEachAsync(_unread.Chunk(ReadTogether), options, async (together, stop) =>
        {
            var records = await _shop.Reading.ReadAsync(together, stop);
            for (int i = 0; i < together.Length; i++) _passing[together[i]] = records[i].Links;
        });
        await Parallel.ForEachAsync(_unread, options, async (person, stop) =>
        {
            var circle = await _shop.Identities.OfAsync(person, LinksOfAsync, changes, stop);
            // Where their circle was remembered, no links were read: what the others in it did may be forgotten all the same.
            foreach (var other in circle.People.Where(other => !_shop.Histories.IsHeld(other))) Pass(other);
        });
    }

    public void Leave()
    {
        foreach (var (person, _) in _passing)
        {
            _shop.Histories.HasPassed(person);
            _shop.Facts.HasPassed(person);
            _shop.Exposures.HasPassed(person);
            _shop.Relationships.LetGo(person);
            _shop.Identities.LetGo(person);
        }
    }

    private void Pass(Person person)
    {
        _passing[person] = null;
        _shop.Histories.Pass(person);
        _shop.Facts.Pass(person);
        _shop.Exposures.Pass(person);
    }

    // Who belongs to whom is known only once they are read: whoever is not held passes with them.
    private async Task<PersonLinks> LinksOfAsync(Person person, CancellationToken cancellation)
    {
        if (_passing.TryGetValue(person, out var links) && links is not null) return links;
        if (!_shop.Histories.IsHeld(person)) Pass(person);
        links = (await _shop.Reading.ReadAsync(person, cancellation)).Links;
        if (_passing.ContainsKey(person)) _passing[person] = links;
        return links;
    }
}
