using System.Collections.Frozen;

namespace Recommender.Relationship;

/// <summary>After how many days items are bought again, over all customers: for those who have no rhythm of their own yet. Immutable.</summary>
public sealed class ItemIntervals
{
    private readonly FrozenDictionary<string, ConsumableItem> _items;

    private ItemIntervals(FrozenDictionary<string, ConsumableItem> items) => _items = items;

    public static ItemIntervals Empty { get; } = new(FrozenDictionary<string, ConsumableItem>.Empty);

    /// <summary>Items that are consumed, by their id.</summary>
    public IReadOnlyDictionary<string, ConsumableItem> Items => _items;

    /// <summary>What was learned before.</summary>
    public static ItemIntervals Of(IReadOnlyDictionary<string, ConsumableItem> items) => new(items.ToFrozenDictionary());

    /// <summary>Learns from everybody's purchases, which are read once and not kept.</summary>
    /// <param name="people">The items of each customer (<see cref="ItemPurchases.Of"/>).</param>
    public static ItemIntervals Of(IEnumerable<IReadOnlyList<ItemPurchases>> people, OccasionOptions options)
    {
        var builder = new ItemIntervalsBuilder();
        foreach (IReadOnlyList<ItemPurchases> person in people) builder.Add(person);
        return builder.Build(options);
    }
}

/// <summary>Collects customers one after the other; keeps a number for each of their items that they bought again.</summary>
public sealed class ItemIntervalsBuilder
{
    private readonly Dictionary<string, (int Buyers, List<double> Intervals)> _items = [];

    /// <param name="person">The items of one customer.</param>
    public void Add(IReadOnlyList<ItemPurchases> person)
    {
        foreach (ItemPurchases purchases in person)
        {
            (int buyers, List<double> intervals) = _items.TryGetValue(purchases.ItemId, out var known) ? known : (0, []);
            // One interval a customer, so that the busiest do not speak for everybody.
            if (purchases.MedianInterval is { } interval) intervals.Add(interval);
            _items[purchases.ItemId] = (buyers + 1, intervals);
        }
    }

    public ItemIntervals Build(OccasionOptions options)
    {
        options = options.Validated();
        return ItemIntervals.Of(_items
            .Where(pair => pair.Value.Intervals.Count >= options.ConsumableRepeaters
                && pair.Value.Intervals.Count >= options.ConsumableShare * pair.Value.Buyers)
            .ToDictionary(pair => pair.Key, pair => new ConsumableItem(Median.Of([.. pair.Value.Intervals]), pair.Value.Intervals.Count, pair.Value.Buyers)));
    }
}

/// <param name="MedianDays">Median over customers of their own median interval.</param>
/// <param name="Repeaters">Customers who bought it again.</param>
/// <param name="Buyers">Customers who bought it.</param>
public readonly record struct ConsumableItem(double MedianDays, int Repeaters, int Buyers);
