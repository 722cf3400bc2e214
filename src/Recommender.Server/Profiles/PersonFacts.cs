using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>
/// What is stated of people and how they were approached, in memory for those who are active: enough to say what to show them. Whoever changes a
/// profile or sends a mail asks the store.
/// </summary>
internal sealed class PersonFacts(Func<Person, CancellationToken, Task<PersonRecord>> read, int mostPeople)
{
    private readonly TwoGenerations<Person, Facts> _memory = new(mostPeople);

    public async ValueTask<Customer?> ProfileOfAsync(Person person, CancellationToken cancellation) => (await OfAsync(person, cancellation)).Profile;

    /// <summary>Contacts of all of them since a moment, oldest first, whatever their state.</summary>
    public async ValueTask<IReadOnlyList<Contact>> ContactsOfAsync(IReadOnlyList<Person> people, DateTimeOffset since, CancellationToken cancellation)
    {
        var contacts = new List<Contact>();
        foreach (var person in people) contacts.AddRange((await OfAsync(person, cancellation)).Contacts.Where(contact => contact.At >= since));
        if (people.Count > 1) contacts = [.. contacts.OrderBy(contact => contact.At).ThenBy(contact => contact.Id, StringComparer.Ordinal)];
        return contacts;
    }

    public Facts Hold(Person person) => _memory.Hold(person);

    /// <inheritdoc cref="TwoGenerations{TKey, TValue}.Pass"/>
    public void Pass(Person person) => _memory.Pass(person);

    public void HasPassed(Person person) => _memory.HasPassed(person);

    public void Forget(Person person) => _memory.Forget(person);

    public void Forget(Func<Person, bool> whose) => _memory.Forget(whose);

    public void Forget() => _memory.Clear();

    private async ValueTask<Known> OfAsync(Person person, CancellationToken cancellation)
    {
        var facts = _memory.Hold(person);
        if (facts.Known is { } known) return known;
        var record = await read(person, cancellation);
        return facts.Complete(record.Profile, record.Contacts);
    }

    internal sealed class Facts
    {
        private volatile Known? _known;

        public Known? Known => _known;

        public Known Complete(Customer? profile, IReadOnlyList<Contact> contacts) => _known = new Known(profile, contacts);
    }

    internal sealed record Known(Customer? Profile, IReadOnlyList<Contact> Contacts);
}
