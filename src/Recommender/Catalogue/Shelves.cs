using System.Collections.Concurrent;
using Recommender.Scoring;

namespace Recommender.Catalogue;

/// <summary>
/// The catalogue as one request sees it: take <see cref="CatalogueView.Shelves"/> once, read everything from it and let it go. All its
/// masks have the same length; when the catalogue outgrows it, longer ones take its place and these stand still. Until then what they hold
/// changes with every write. The masks are shared: read them, never write them.
/// </summary>
public sealed class Shelves
{
    private readonly CatalogueView _view;
    private readonly Item?[] _items;
    private readonly FilterCombinations _combinations;
    private long _writes;

    internal Shelves(CatalogueView view, int length, int mostCombinations)
    {
        _view = view;
        _combinations = new FilterCombinations(mostCombinations);
        _items = new Item?[length];
        Listed = new ItemMask(length);
        Eligible = new ItemMask(length);
    }

    private Shelves(Shelves smaller, int length)
    {
        _view = smaller._view;
        _combinations = smaller._combinations.Anew();
        _items = new Item?[length];
        smaller._items.CopyTo(_items, 0);
        Listed = smaller.Listed.Grown(length);
        Eligible = smaller.Eligible.Grown(length);
        foreach ((string text, CachedFilter filter) in smaller.Filters) Filters[text] = filter.Grown(length);
        foreach ((string attribute, CachedColumn column) in smaller.Columns)
        {
            // What was not worth a column may be in a larger catalogue.
            if (column.Column is not null) Columns[attribute] = column.Grown(length);
        }
    }

    /// <summary>Item numbers go from 0 to this - 1; numbers at the end may not have an item yet.</summary>
    public int Length => _items.Length;

    /// <summary>Moves on with every write: what was worked out from the items holds as long as it stands still.</summary>
    public long Writes => Volatile.Read(ref _writes);

    /// <summary>Everything the catalogue has, available or not, by its number.</summary>
    public IEnumerable<(int Number, Item Item)> All =>
        Enumerable.Range(0, Length).Select(number => (number, Item: this[number]!)).Where(one => one.Item is not null);

    /// <summary>The items in the catalogue.</summary>
    public ItemMask Listed { get; }

    /// <summary>The items in the catalogue that are available: what may be shown at all.</summary>
    public ItemMask Eligible { get; }

    /// <summary>The item of a number, null where the catalogue does not have it (any more).</summary>
    public Item? this[int number] => Volatile.Read(ref _items[number]);

    internal ConcurrentDictionary<string, CachedFilter> Filters { get; } = new(StringComparer.Ordinal);

    /// <summary>What items have of the attributes that filters name, by attribute.</summary>
    internal ConcurrentDictionary<string, CachedColumn> Columns { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of an item that the model knows or the catalogue has or had.</summary>
    public bool TryGetNumber(string itemId, out int number) => _view.TryGetNumber(itemId, out number) && number < Length;

    public Item? Find(string itemId) => TryGetNumber(itemId, out int number) ? this[number] : null;

    /// <summary>
    /// The items of the catalogue, available or not, that a filter is true for; a blank one is true for all. A filter that was used lately
    /// costs one look-up and takes no lock; a new one is worked out for every item first.
    /// </summary>
    /// <exception cref="Expressions.ExpressionException">The filter is not valid for this catalogue.</exception>
    public ItemMask Where(string filter, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(filter)) return Listed;
        if (!Filters.TryGetValue(filter, out CachedFilter? cached)) return _view.WorkOut(this, filter, cancellation);
        cached.MarkUsed();
        return cached.Mask;
    }

    /// <summary>
    /// The available items that all of these filters are true for. Combinations that were asked for lately are not worked out again as long as
    /// nothing is written. It stands still: what is written later is not in it.
    /// </summary>
    /// <param name="filters">Each by its text; one that is blank lets everything through.</param>
    /// <param name="where">What each filter is true for: <see cref="Where"/>, or something that explains its failure better.</param>
    public ItemMask EligibleWhere(ReadOnlySpan<string> filters, Func<int, ItemMask> where)
    {
        var wanted = new FilterSet(filters);
        if (wanted.IsEmpty) return Eligible;
        // Read first: what is written while the masks are put together makes them old at once.
        long writes = Writes;
        if (_combinations.TryGet(wanted, writes, out ItemMask? known)) return known;
        ItemMask eligible = Eligible.Clone();
        for (int i = 0; i < filters.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(filters[i])) eligible.And(where(i));
        }
        _combinations.Put(wanted, writes, eligible);
        return eligible;
    }

    /// <summary>Puts an item where none is, before anybody reads and any filter is kept; false where there is one.</summary>
    internal bool TryFill(int number, Item item)
    {
        if (_items[number] is not null) return false;
        _items[number] = item;
        Listed.Set(number);
        if (item.Available) Eligible.Set(number);
        return true;
    }

    internal Shelves Grown(int length) => new(this, length);

    /// <param name="numbers">Each item's new number by its present one; -1 where there is none.</param>
    internal Shelves Renumbered(CatalogueView view, int length, ReadOnlySpan<int> numbers, int mostCombinations)
    {
        var shelves = new Shelves(view, length, mostCombinations);
        for (int number = 0; number < numbers.Length; number++)
        {
            if (numbers[number] >= 0) shelves.TryFill(numbers[number], _items[number]!);
        }
        foreach ((string text, CachedFilter filter) in Filters) shelves.Filters[text] = filter.Renumbered(length, numbers);
        foreach ((string attribute, CachedColumn column) in Columns) shelves.Columns[attribute] = column.Renumbered(length, numbers);
        return shelves;
    }

    // In an order that never shows an item by a filter it has not been judged by.
    internal void Put(int number, Item? item)
    {
        if (item is not { Available: true }) Eligible.Clear(number);
        Volatile.Write(ref _items[number], item);
        foreach ((string attribute, CachedColumn column) in Columns)
        {
            // Full of values that no item has any more: made anew when a filter needs it, or found not to be worth it.
            if (!column.TryPut(number, item)) Columns.TryRemove(attribute, out _);
        }
        foreach ((_, CachedFilter filter) in Filters) filter.Judge(number, item);
        Listed[number] = item is not null;
        if (item is { Available: true }) Eligible.Set(number);
        Volatile.Write(ref _writes, _writes + 1);
    }
}
