using Recommender.Questionnaires;
using Recommender.Repeats;

namespace Recommender.Interactions;

/// <summary>
/// Turns the event log, streamed in order, into a <see cref="TrainingSet"/>. Holds 40 bytes an event until it builds, twice that
/// while it groups them by person, and then at most 56 and what is known of purchases; ids are kept once. People and items get their numbers in the order in which they first appear.
/// </summary>
public sealed class TrainingSetBuilder
{
    private readonly ConfidenceOptions _options;
    private readonly DateTimeOffset _now;
    private readonly VocabularyBuilder _people = new();
    private readonly VocabularyBuilder _items;
    private readonly List<Signal> _signals = [];
    private readonly ResponseCounts _responses = new();
    private readonly HashSet<int> _linked = [];

    /// <param name="options">What each event teaches.</param>
    /// <param name="now">Events decay as of this moment.</param>
    /// <param name="items">Items that somebody holds in memory already; their ids are not held twice.</param>
    public TrainingSetBuilder(ConfidenceOptions options, DateTimeOffset now, Vocabulary? items = null)
    {
        _items = new VocabularyBuilder(items);
        options.Validate();
        _options = options;
        _now = now;
    }

    public int Count => _signals.Count;

    /// <summary>Makes room for so many events at once, instead of moving those it has again and again.</summary>
    public void Reserve(long events) => _signals.EnsureCapacity((int)Math.Min(events, Array.MaxLength));

    /// <summary>Takes an event in. One of a type without a weight teaches nothing: the shop may have had the type once.</summary>
    /// <exception cref="ArgumentException">It has no item; it is not added.</exception>
    public void Add(ShopEvent happened) => Add(happened, happened.Person);

    /// <summary>Takes an event in for the customer to whom it belongs: one row for all their devices.</summary>
    /// <exception cref="ArgumentException">It has no item; it is not added.</exception>
    public void Add(ShopEvent happened, Person owner)
    {
        // Before the person gets a number.
        Signal.RequireItem(happened);
        _responses.Add(happened);
        int person = _people.Add(TrainingSet.Key(owner));
        if (owner != happened.Person) _linked.Add(person);
        Signal.Add(_signals, happened, person, _items, _options, _now);
    }

    /// <summary>The interactions with positive net confidence. The builder hands its memory over and starts again empty.</summary>
    /// <param name="keepHabits">Whether each person's purchases are wanted, too: to measure habits by.</param>
    public TrainingSet Build(bool keepHabits = false)
    {
        Signal[] byPerson = GroupByPerson(out int[] starts);
        _signals.Clear();
        _signals.TrimExcess();
        var replay = new EvidenceReplay();
        var habits = new List<(int Item, PurchaseHabit Habit)>();
        List<IReadOnlyList<(int, PurchaseHabit)>>? ofPeople = keepHabits ? [] : null;
        var rowStarts = new long[_people.Count + 1];
        var columns = new List<int>(byPerson.Length);
        var confidences = new List<float>(byPerson.Length);
        var row = new List<(int Item, float Confidence)>();
        for (int person = 0; person < _people.Count; person++)
        {
            row.Clear();
            int before = habits.Count;
            foreach (ref readonly ItemEvidence item in replay.Replay(byPerson.AsSpan(starts[person]..starts[person + 1])))
            {
                float confidence = item.Confidence(_options.ConfidenceLimit);
                if (confidence > 0) row.Add((item.Item, confidence));
                if (item.Bought) habits.Add((item.Item, item.Habit));
            }
            ofPeople?.Add(habits[before..]);
            row.Sort((a, b) => a.Item.CompareTo(b.Item));
            foreach ((int item, float confidence) in row)
            {
                columns.Add(item);
                confidences.Add(confidence);
            }
            rowStarts[person + 1] = columns.Count;
        }
        var matrix = new InteractionMatrix(_items.Count, rowStarts, [.. columns], [.. confidences]);
        var repeats = habits.Count > 0 ? RepeatRates.Of(_items.Count, habits) : null;
        return new TrainingSet(_people.Build(), _items.Build(), matrix)
        {
            Confidence = _options,
            AsOf = _now,
            Responses = _responses.Chances,
            LinkedPeople = _linked,
            Repeats = repeats,
            Habits = ofPeople,
        };
    }

    // A counting sort: stable, so each person's signals stay in log order.
    private Signal[] GroupByPerson(out int[] starts)
    {
        starts = new int[_people.Count + 1];
        foreach (Signal signal in _signals) starts[signal.Person + 1]++;
        for (int person = 0; person < _people.Count; person++) starts[person + 1] += starts[person];
        int[] next = starts[..^1];
        var grouped = new Signal[_signals.Count];
        foreach (Signal signal in _signals) grouped[next[signal.Person]++] = signal;
        return grouped;
    }
}
