using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server.Ingest;
using Recommender.Server.Profiles;
using Contact = Recommender.Pressure.Contact;

namespace Recommender.Server.Relationships;

/// <summary>
/// Where everybody stands, worked out from events at the moment it is asked for, so that no answer is older than the last event. What was
/// worked out is remembered, in two generations, until an event, a link, the profile, the rules or the day changes it.
/// </summary>
internal sealed class Relationships(Shop shop, TimeProvider time, int mostPeople)
{
    private readonly EvidenceReading _reading = new(shop);
    private volatile Generations<Remembered> _memory = new();
    private long _forgotten;
    private volatile RelationshipRules _rules = new(new(), FittedModel.None, KeyAccountSet.None);

    public RelationshipRules Rules => _rules;

    /// <summary>From now on everybody is judged by these.</summary>
    public void Replace(RelationshipRules rules) => _rules = rules;

    /// <summary>Where somebody stands; null where nothing at all is known of them. Visitors explore.</summary>
    public async ValueTask<RelationshipView?> OfAsync(Circle circle, CancellationToken cancellation)
    {
        var (memory, rules, now, forgotten) = (_memory, _rules, time.GetUtcNow(), Interlocked.Read(ref _forgotten));
        if (!memory.TryGetYoung(circle.Root, out var known)) memory.TryGetOld(circle.Root, out known);
        // What is remembered of the events is looked at before the events are: a later one makes it worked out once more, never missed.
        var seen = new PersonEvents[circle.People.Count];
        for (int i = 0; i < seen.Length; i++) seen[i] = await shop.Histories.OfAsync(circle.People[i], cancellation);
        if (known is null || !known.Holds(circle, rules, rules.Calendar.DayOf(now), seen))
        {
            var standing = await WorkOutFromMemoryAsync(circle, cancellation);
            known = new Remembered(circle, rules, rules.Calendar.DayOf(now), seen, standing);
        }
        // Worked out from a profile that has changed since? Then it answers this once, and is not remembered.
        if (Interlocked.Read(ref _forgotten) != forgotten) return known.ViewAt(now);
        memory.Put(circle.Root, known);
        if (memory.Young >= mostPeople / 2) Interlocked.CompareExchange(ref _memory, memory.Turned(), memory);
        return known.ViewAt(now);
    }

    /// <summary>The whole of a relationship, worked out anew; null where nothing is known of the person.</summary>
    public async ValueTask<Standing?> WorkOutAsync(Circle circle, CancellationToken cancellation) =>
        await WorkOutAsync(circle, await shop.Circles.OfAsync(circle, cancellation), cancellation);

    /// <summary>The same from what the store has of profile and contacts: nobody is remembered for it, so that all can be worked out one after another.</summary>
    /// <param name="events">Everything that counts for the circle's root, in log order.</param>
    public async ValueTask<Standing?> WorkOutAsync(Circle circle, IReadOnlyList<ShopEvent> events, CancellationToken cancellation)
    {
        var profile = circle.Root.Kind == PersonKind.Customer ? await shop.Profiles.FindAsync(circle.Root.Id, cancellation) : null;
        var contacts = events.Count == 0 && profile is null ? [] : await shop.Contacts.LedgerAsync(circle, time.GetUtcNow() - PersonReading.ContactsKept, cancellation);
        return StandingOf(circle, events, profile, contacts);
    }

    private async ValueTask<Standing?> WorkOutFromMemoryAsync(Circle circle, CancellationToken cancellation)
    {
        var events = await shop.Circles.OfAsync(circle, cancellation);
        var profile = circle.Root.Kind == PersonKind.Customer ? await shop.Facts.ProfileOfAsync(circle.Root, cancellation) : null;
        return StandingOf(circle, events, profile, await shop.Facts.ContactsOfAsync(circle.People, time.GetUtcNow() - PersonReading.ContactsKept, cancellation));
    }

    private Standing? StandingOf(Circle circle, IReadOnlyList<ShopEvent> events, Customer? profile, IReadOnlyList<Contact> contacts)
    {
        var evidence = _reading.Of(circle, events, profile, contacts);
        return evidence.IsEmpty && circle.IsAlone ? null : Standing.Of(evidence, _rules, shop.Live.Now.Shelves, time.GetUtcNow());
    }

    /// <summary>Something other than events changed: the profile, or a contact.</summary>
    public void Forget(Person person)
    {
        Interlocked.Increment(ref _forgotten);
        LetGo(person);
    }

    /// <summary>Makes room; what was remembered was true.</summary>
    public void LetGo(Person person) => _memory.Remove(person);

    public void Forget(Func<Person, bool> whose)
    {
        Interlocked.Increment(ref _forgotten);
        _memory.Remove((person, _) => whose(person));
    }

    /// <summary>Anything may have changed.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _forgotten);
        _memory = new();
    }

    private sealed class Remembered
    {
        private readonly Circle _circle;
        private readonly RelationshipRules _rules;
        private readonly DateOnly _day;
        private readonly (int Count, ShopEvent? Last)[] _seen;
        private readonly DateTimeOffset? _newest;
        private readonly RelationshipView? _during, _after;

        public Remembered(Circle circle, RelationshipRules rules, DateOnly day, PersonEvents[] seen, Standing? standing)
        {
            (_circle, _rules, _day) = (circle, rules, day);
            _seen = Array.ConvertAll(seen, one => (one.Events.Count, one.Events.LastOrDefault()));
            if (standing is null) return;
            (_newest, var before) = Visits.Of(standing.Events);
            _during = standing.View() with { LastVisit = before };
            _after = _during with { LastVisit = _newest };
        }

        /// <summary>A history only grows at its end, but for what is forgotten: the number and the last of its events tell whether it changed.</summary>
        public bool Holds(Circle circle, RelationshipRules rules, DateOnly day, PersonEvents[] seen)
        {
            if (!ReferenceEquals(_circle, circle) || _rules != rules || _day != day) return false;
            for (int i = 0; i < seen.Length; i++)
            {
                var events = seen[i].Events;
                if (events.Count != _seen[i].Count || (events.Count > 0 && !ReferenceEquals(events[^1], _seen[i].Last))) return false;
            }
            return true;
        }

        /// <summary>Whoever has done nothing for a while is only now coming: the newest event is then of the visit before.</summary>
        public RelationshipView? ViewAt(DateTimeOffset now) => _newest is { } newest && now - newest > Visits.SessionEnd ? _after : _during;
    }
}
