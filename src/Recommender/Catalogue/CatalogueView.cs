using System.Collections.Concurrent;
using Recommender.Expressions;
using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Catalogue;

/// <summary>
/// The catalogue beside one live model, in memory. An item has the number that the model's vocabulary gives it; items that the model does
/// not know follow after these, and keep their number when they are deleted. Readers take no lock; writers wait for each other, and a write
/// is in force when it returns.
/// </summary>
public sealed class CatalogueView
{
    private readonly Vocabulary _vocabulary;
    private readonly CatalogueOptions _options;
    private readonly ConcurrentDictionary<string, int> _appended = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly Turns _filterTurns = new();
    private readonly Turns _columnTurns = new();
    private readonly List<List<int>> _changedMeanwhile = []; // numbers written since each of these began; guarded by _writing
    private Shelves _shelves;
    private Schema _schema;
    private int _count; // item numbers given out

    /// <param name="vocabulary">The item vocabulary of the model.</param>
    /// <param name="items">The shop's items, each id once.</param>
    public CatalogueView(Vocabulary vocabulary, IReadOnlyList<Item> items, CatalogueOptions options)
    {
        _vocabulary = vocabulary;
        _options = options;
        _count = vocabulary.Count;
        _schema = Schema.Of(items);

        var numbers = new int[items.Count];
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, items.Count), Math.Max(20_000, items.Count / 32)), Cores.All(CancellationToken.None), range =>
        {
            for (int k = range.Item1; k < Math.Min(range.Item2, items.Count); k++) numbers[k] = vocabulary.TryGetNumber(items[k].Id, out int number) ? number : -1;
        });
        for (int k = 0; k < numbers.Length; k++)
        {
            if (numbers[k] >= 0) continue;
            numbers[k] = _count++;
            if (!_appended.TryAdd(items[k].Id, numbers[k])) throw Twice(items[k]);
        }
        _shelves = new Shelves(this, WithRoom(_count), options.CachedFilters);
        for (int k = 0; k < numbers.Length; k++)
        {
            if (!_shelves.TryFill(numbers[k], items[k])) throw Twice(items[k]);
        }

        static ArgumentException Twice(Item item) => new($"Item '{item.Id}' comes twice.", nameof(items));
    }

    private CatalogueView(Vocabulary vocabulary, CatalogueView before)
    {
        _vocabulary = vocabulary;
        _options = before._options;
        _count = vocabulary.Count;
        // Not held any longer: requests that work out a filter need it, and this may be done by a thread that yields to everybody.
        Shelves old;
        lock (before._writing) (old, _schema) = (before._shelves, before._schema);
        var numbers = new int[old.Length];
        var unknown = new List<(string Id, int Number)>();
        for (int number = 0; number < numbers.Length; number++)
        {
            if (old[number] is not { } item) numbers[number] = -1;
            else if (!vocabulary.TryGetNumber(item.Id, out numbers[number])) unknown.Add((item.Id, number));
        }
        // In the order of their ids, as every server numbers them, and not in that of the model before.
        unknown.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        foreach ((string id, int number) in unknown) _appended[id] = numbers[number] = _count++;
        _shelves = old.Renumbered(this, WithRoom(_count), numbers, _options.CachedFilters);
    }

    /// <summary>The same items for another model: they, their schema and the filters worked out for them are kept and only numbered anew.</summary>
    /// <param name="vocabulary">The item vocabulary of the other model.</param>
    /// <remarks>Whatever is written to this view afterwards is not in the other: its writers have to wait.</remarks>
    public CatalogueView For(Vocabulary vocabulary) => new(vocabulary, this);

    /// <summary>What requests read.</summary>
    public Shelves Shelves => Volatile.Read(ref _shelves);

    /// <summary>The attributes that filters may name.</summary>
    public Schema Schema => Volatile.Read(ref _schema);

    /// <summary>Throws what <see cref="Upsert"/> would throw, and changes nothing: to be asked before the items are stored.</summary>
    /// <exception cref="SchemaException">An attribute is of another kind than in the rest of the catalogue.</exception>
    public void Check(IReadOnlyList<Item> items)
    {
        lock (_writing) SchemaAfter(items);
    }

    /// <summary>Puts items in the place of those of the same id: all of them, or none and an error.</summary>
    /// <exception cref="SchemaException">An attribute is of another kind than in the rest of the catalogue.</exception>
    public void Upsert(IReadOnlyList<Item> items)
    {
        lock (_writing)
        {
            Adopt(SchemaAfter(items));
            foreach (Item item in items) Put(NumberOrNew(item.Id), item);
        }
    }

    /// <summary>How many of the items were there; they are shown no more.</summary>
    public int Delete(IReadOnlyList<string> itemIds)
    {
        int deleted = 0;
        lock (_writing)
        {
            foreach (string id in itemIds)
            {
                if (!TryGetNumber(id, out int number) || _shelves[number] is not { } item) continue;
                Adopt(_schema.Replace(item, null));
                Put(number, null);
                deleted++;
            }
        }
        return deleted;
    }

    internal bool TryGetNumber(string itemId, out int number) =>
        _vocabulary.TryGetNumber(itemId, out number) || _appended.TryGetValue(itemId, out number);

    internal ItemMask WorkOut(Shelves shelves, string text, CancellationToken cancellation) => _filterTurns.Take(text, () =>
        shelves.Filters.TryGetValue(text, out CachedFilter? ready) ? ready.Mask : WorkOutAlone(shelves, text, cancellation));

    // Outside the writers' lock; what they change meanwhile is judged again at the end, inside it.
    private ItemMask WorkOutAlone(Shelves shelves, string text, CancellationToken cancellation)
    {
        Schema schema = Schema;
        ItemPredicate predicate = ItemPredicate.Compile(text, schema);
        CachedFilter? filter = null;
        var changed = new List<int>();
        bool current;
        lock (_writing)
        {
            current = shelves == _shelves;
            _changedMeanwhile.Add(changed);
        }
        try
        {
            // A filter on more attributes than columns are kept makes none: they would push out each other and all that is in use.
            bool makesColumns = current && predicate.Condition.Reads.Count <= _options.Columns;
            var plan = new FilterPlan(shelves, attribute => ColumnOf(shelves, attribute, makesColumns ? changed : null, cancellation), cancellation);
            filter = new CachedFilter(predicate, plan.WorkOut(predicate.Condition));
        }
        finally
        {
            lock (_writing)
            {
                _changedMeanwhile.RemoveAll(one => ReferenceEquals(one, changed));
                // Shelves that stand still already lack writes that nobody noted: good for this request only.
                if (filter is not null && current) Keep(shelves, schema, filter, changed);
            }
        }
        return filter.Mask;
    }

    private void Keep(Shelves shelves, Schema schema, CachedFilter filter, List<int> changed)
    {
        foreach (int number in changed)
            if (number < shelves.Length) filter.Judge(number, _shelves[number]);
        if (!schema.HoldsIn(_schema)) return;

        if (shelves != _shelves)
        {
            filter = filter.Grown(_shelves.Length);
            foreach (int number in changed) filter.Judge(number, _shelves[number]);
        }
        Kept.MakeRoom(_shelves.Filters, _options.CachedFilters);
        _shelves.Filters[filter.Predicate.Text] = filter;
    }

    // Whoever calls has writes noted already, so that what is changed in a column while they read it is judged again.
    private Column? ColumnOf(Shelves shelves, string attribute, List<int>? changed, CancellationToken cancellation)
    {
        if (shelves.Columns.TryGetValue(attribute, out CachedColumn? known))
        {
            known.MarkUsed();
            return known.Column;
        }
        if (changed is null) return null;
        return _columnTurns.Take(attribute, () =>
        {
            if (shelves.Columns.TryGetValue(attribute, out CachedColumn? ready)) return ready.Column;
            Column? column = Column.Of(shelves, attribute, cancellation);
            lock (_writing) Keep(shelves, attribute, column, changed);
            return column;
        });
    }

    private void Keep(Shelves shelves, string attribute, Column? column, List<int> changed)
    {
        if (_shelves.Columns.ContainsKey(attribute)) return;
        var kept = new CachedColumn(attribute, shelves == _shelves ? column : column?.Grown(_shelves.Length));
        foreach (int number in changed)
            if (!kept.TryPut(number, _shelves[number])) return;
        Kept.MakeRoom(_shelves.Columns, _options.Columns);
        _shelves.Columns[attribute] = kept;
    }

    private Schema SchemaAfter(IReadOnlyList<Item> items)
    {
        Schema schema = _schema;
        var before = new Dictionary<string, Item>(StringComparer.Ordinal);
        foreach (Item item in items)
        {
            schema = schema.Replace(before.GetValueOrDefault(item.Id) ?? _shelves.Find(item.Id), item);
            before[item.Id] = item;
        }
        return schema;
    }

    // A filter is compiled for the kinds of its time. Where one changes, all are: it is rare, and the next use makes them anew.
    private void Adopt(Schema schema)
    {
        if (!_schema.HoldsIn(schema)) _shelves.Filters.Clear();
        Volatile.Write(ref _schema, schema);
    }

    private int NumberOrNew(string itemId)
    {
        if (TryGetNumber(itemId, out int number)) return number;
        number = _count++;
        if (number >= _shelves.Length) Volatile.Write(ref _shelves, _shelves.Grown(WithRoom(_count)));
        _appended[itemId] = number;
        return number;
    }

    private void Put(int number, Item? item)
    {
        _shelves.Put(number, item);
        foreach (List<int> changed in _changedMeanwhile) changed.Add(number);
    }

    // Growing copies every mask, so it has to be rare.
    private static int WithRoom(int count) => count + Math.Max(1024, count / 8);
}
