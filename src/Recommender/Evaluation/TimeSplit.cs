using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Evaluation;

/// <summary>What counts as chosen after the cut of a <see cref="TimeSplit"/>.</summary>
public sealed record TimeSplitOptions
{
    /// <summary>Types that say that an item was chosen. What takes them back (a return, an undo, an unlike) does so here, too.</summary>
    public ImmutableArray<string> Types { get; init; } = [EventTypes.Purchase];

    /// <summary>Whether what a person had before the cut counts when it is chosen again; otherwise only what is new to them does.</summary>
    public bool RepeatsCount { get; init; }
}

/// <summary>
/// Splits events by time, as a shop lives: a model learns what was known at the cut, and is asked for what people chose after it. People
/// and items that nobody had seen before are rows and columns, too, so that what cannot be foreseen counts as missed.
/// </summary>
public sealed class TimeSplit
{
    private readonly DateTimeOffset _cut;
    private readonly TimeSplitOptions _options;
    private readonly TrainingSetBuilder _before, _after;

    /// <param name="confidence">What each event before the cut teaches; it decays as of the cut.</param>
    /// <param name="cut">Events at this moment and later are the test.</param>
    /// <param name="options">What counts as chosen.</param>
    /// <exception cref="ArgumentException">No type counts.</exception>
    public TimeSplit(ConfidenceOptions confidence, DateTimeOffset cut, TimeSplitOptions options)
    {
        if (options.Types.IsDefaultOrEmpty)
            throw new ArgumentException("No type of event says that an item was chosen: there would be nothing to find.", nameof(options));
        (_cut, _options) = (cut, options);
        _before = new TrainingSetBuilder(confidence, cut);
        _after = new TrainingSetBuilder(ChosenOnly(confidence, options.Types), cut);
    }

    /// <summary>The moment from which on the newest part of events lies behind the cut.</summary>
    /// <param name="moments">When events happened, in any order.</param>
    /// <param name="newest">The part, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">There are no moments, or all are one, so that nothing lies before it.</exception>
    public static DateTimeOffset CutAt(IEnumerable<DateTimeOffset> moments, double newest)
    {
        if (newest is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(newest), newest, "The newest part is above 0 and below 1.");
        DateTimeOffset[] sorted = [.. moments];
        Array.Sort(sorted);
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
            throw new ArgumentException($"{sorted.Length} events at one moment cannot be split by time.", nameof(moments));
        DateTimeOffset cut = sorted[Math.Clamp((int)Math.Round((1 - newest) * sorted.Length), 1, sorted.Length - 1)];
        return cut > sorted[0] ? cut : sorted[Array.FindIndex(sorted, moment => moment > cut)];
    }

    /// <summary>Takes an event in, in log order.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="owner">The customer to whom it belongs.</param>
    /// <exception cref="ArgumentException">It has no item; it is not added.</exception>
    public void Add(ShopEvent happened, Person owner) => (happened.OccurredAt < _cut ? _before : _after).Add(happened, owner);

    /// <summary>What was known at the cut and what was chosen after it. The events are let go.</summary>
    /// <exception cref="ArgumentException">Nothing is known before the cut, or nothing was chosen after it.</exception>
    public HoldOut Build()
    {
        TrainingSet train = _before.Build(keepHabits: true), after = _after.Build();
        if (train.Matrix.Count == 0) throw new ArgumentException($"No event before {_cut:O} speaks for an item: there is nothing to learn from.");
        VocabularyBuilder people = Copy(train.People), items = Copy(train.Items);
        var chosen = new List<(int Row, int Column)>();
        for (int person = 0; person < after.Matrix.RowCount; person++)
        {
            bool known = train.People.TryGetNumber(after.People[person], out int before);
            foreach (int column in after.Matrix.Row(person).Columns)
            {
                string item = after.Items[column];
                bool repeated = known && train.Items.TryGetNumber(item, out int had) && train.Matrix.Row(before).Columns.BinarySearch(had) >= 0;
                if (!repeated || _options.RepeatsCount) chosen.Add((people.Add(after.People[person]), items.Add(item)));
            }
        }
        if (chosen.Count == 0)
            throw new ArgumentException(
                $"Nobody chose anything {(_options.RepeatsCount ? "" : "new ")}from {_cut:O} on (counted: {string.Join(", ", _options.Types)}).");
        var test = InteractionMatrix.FromPairs(people.Count, items.Count, chosen);
        return new HoldOut(
            train with { People = people.Build(), Items = items.Build(), Matrix = Grown(train.Matrix, test.RowCount, test.ColumnCount), Repeats = train.Repeats?.Grown(test.ColumnCount) }, test);
    }

    // Every type that counts weighs the same, however long after the cut and however many: chosen is chosen.
    private static ConfidenceOptions ChosenOnly(ConfidenceOptions confidence, ImmutableArray<string> types)
    {
        ImmutableSortedDictionary<string, double> weights =
            confidence.Weights.ToImmutableSortedDictionary(known => known.Key, _ => 0.0, StringComparer.Ordinal);
        foreach (string type in types)
        {
            if (confidence.ProblemWith(type) is { } problem) throw new ArgumentException($"The type that counts as chosen {problem}", nameof(types));
            weights = weights.SetItem(type, 1);
        }
        // So that what a person changed their mind about is taken back.
        weights = weights.SetItem(EventTypes.Dislike, -1);
        return confidence with { Weights = weights, QuantityExponent = 0, HalfLifeDays = 0 };
    }

    private static VocabularyBuilder Copy(Vocabulary vocabulary)
    {
        var copy = new VocabularyBuilder();
        for (int number = 0; number < vocabulary.Count; number++) copy.Add(vocabulary[number]);
        return copy;
    }

    private static InteractionMatrix Grown(InteractionMatrix matrix, int rows, int columns)
    {
        var starts = new long[rows + 1];
        matrix.RowStarts.CopyTo(starts);
        starts.AsSpan(matrix.RowCount + 1).Fill(matrix.Count);
        return new InteractionMatrix(columns, starts, matrix.Columns.ToArray(), matrix.IsBinary ? null : matrix.Confidences.ToArray());
    }
}
