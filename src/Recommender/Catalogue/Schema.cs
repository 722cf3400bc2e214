using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Recommender.Threading;

namespace Recommender.Catalogue;

/// <summary>
/// The attributes that the items of a catalogue have, and the kind of each: an attribute has one kind in the whole catalogue, that of the
/// items that have it. When the last of these goes, the attribute stays known, so that a filter on it matches nothing instead of being an
/// error, and is free to come back with another kind. Immutable.
/// </summary>
public sealed class Schema
{
    private static readonly int _kindCount = Enum.GetValues<AttributeKind>().Length;

    // How many items have the attribute, by kind. More than one kind is only found in a catalogue that was written around the rule.
    private readonly ImmutableSortedDictionary<string, ImmutableArray<int>> _counts;

    private Schema(ImmutableSortedDictionary<string, ImmutableArray<int>> counts, ImmutableSortedDictionary<string, AttributeKind> kinds)
    {
        _counts = counts;
        Kinds = kinds;
    }

    public static Schema Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, ImmutableArray<int>>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, AttributeKind>(StringComparer.Ordinal));

    /// <summary>Every attribute's kind; where items disagree, that of most of them.</summary>
    public ImmutableSortedDictionary<string, AttributeKind> Kinds { get; }

    /// <summary>The schema of the items as they are. It refuses nothing: what was stored must be servable. Counts on several cores.</summary>
    public static Schema Of(IReadOnlyList<Item> items)
    {
        var counts = new Dictionary<string, int[]>(StringComparer.Ordinal);
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, items.Count), Math.Max(20_000, items.Count / 32)), Cores.All(CancellationToken.None),
            () => new Dictionary<string, int[]>(StringComparer.Ordinal),
            (range, _, some) =>
            {
                var alike = new Dictionary<AttributeShape, int>();
                for (int k = range.Item1; k < Math.Min(range.Item2, items.Count); k++)
                {
                    if (items[k].Attributes.Shape is { } shape) CollectionsMarshal.GetValueRefOrAddDefault(alike, shape, out bool _)++;
                    else foreach ((string name, AttributeValue value) in items[k].Attributes) CountsOf(some, name)[(int)value.Kind]++;
                }
                foreach ((AttributeShape shape, int count) in alike)
                {
                    foreach ((string name, AttributeKind kind) in shape.Attributes) CountsOf(some, name)[(int)kind] += count;
                }
                return some;
            },
            some =>
            {
                lock (counts)
                {
                    foreach ((string name, int[] byKind) in some)
                    {
                        int[] all = CountsOf(counts, name);
                        for (int kind = 0; kind < _kindCount; kind++) all[kind] += byKind[kind];
                    }
                }
            });
        return new Schema(
            counts.ToImmutableSortedDictionary(entry => entry.Key, entry => ImmutableArray.Create(entry.Value), StringComparer.Ordinal),
            counts.ToImmutableSortedDictionary(entry => entry.Key, entry => Most(entry.Value), StringComparer.Ordinal));
    }

    private static int[] CountsOf(Dictionary<string, int[]> counts, string name)
    {
        if (!counts.TryGetValue(name, out int[]? byKind)) counts[name] = byKind = new int[_kindCount];
        return byKind;
    }

    /// <summary>A schema that was declared, without anything that has the attributes yet.</summary>
    public static Schema Declared(IEnumerable<KeyValuePair<string, AttributeKind>> kinds) =>
        new(Empty._counts, kinds.ToImmutableSortedDictionary(StringComparer.Ordinal));

    /// <summary>The schema after one item took the place of another: null before for a new item, null after for a deleted one.</summary>
    /// <exception cref="SchemaException">An attribute arrives with a kind that other items have not.</exception>
    public Schema Replace(Item? before, Item? after)
    {
        if (before is not null && after is not null && SameShape(before, after)) return this;

        var counts = _counts.ToBuilder();
        if (before is not null)
        {
            foreach ((string name, AttributeValue value) in before.Attributes) Count(counts, name, value.Kind, -1);
        }
        if (after is not null)
        {
            foreach ((string name, AttributeValue value) in after.Attributes)
            {
                if (counts.TryGetValue(name, out ImmutableArray<int> byKind) && byKind[(int)value.Kind] == 0)
                    throw new SchemaException(after.Id, name, value.Kind, Most(byKind.AsSpan()));
                Count(counts, name, value.Kind, 1);
            }
        }

        var kinds = Kinds.ToBuilder();
        IEnumerable<string> touched = (before?.Attributes.Keys ?? []).Concat(after?.Attributes.Keys ?? []);
        foreach (string name in touched)
        {
            if (counts.TryGetValue(name, out ImmutableArray<int> byKind)) kinds[name] = Most(byKind.AsSpan());
        }
        return new Schema(counts.ToImmutable(), kinds.ToImmutable());
    }

    /// <summary>Whether every attribute known to this schema is of the same kind in <paramref name="later"/>.</summary>
    internal bool HoldsIn(Schema later) =>
        ReferenceEquals(Kinds, later.Kinds)
            || Kinds.All(known => later.Kinds.TryGetValue(known.Key, out AttributeKind kind) && kind == known.Value);

    private static void Count(
        ImmutableSortedDictionary<string, ImmutableArray<int>>.Builder counts, string name, AttributeKind kind, int step)
    {
        ImmutableArray<int> byKind = counts.TryGetValue(name, out ImmutableArray<int> known) ? known : [.. new int[_kindCount]];
        byKind = byKind.SetItem((int)kind, byKind[(int)kind] + step);
        if (byKind.AsSpan().ContainsAnyExcept(0)) counts[name] = byKind;
        else counts.Remove(name);
    }

    private static AttributeKind Most(ReadOnlySpan<int> byKind)
    {
        int most = 0;
        for (int kind = 1; kind < byKind.Length; kind++)
            if (byKind[kind] > byKind[most]) most = kind;
        return (AttributeKind)most;
    }

    private static bool SameShape(Item before, Item after)
    {
        if (before.Attributes.Count != after.Attributes.Count) return false;
        foreach ((string name, AttributeValue value) in after.Attributes)
            if (!before.Attributes.TryGetValue(name, out AttributeValue? known) || known.Kind != value.Kind) return false;
        return true;
    }
}
