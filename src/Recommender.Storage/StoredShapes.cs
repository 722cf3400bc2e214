using System.Collections.Concurrent;
using Recommender.Catalogue;

namespace Recommender.Storage;

/// <summary>
/// The shapes and names that the items of one reading have in common; they live as long as one of these items. Bounded: where each item
/// lacks other attributes than the one before, nearly every item would have a shape of its own, and all its beginnings are shapes, too.
/// For any number of threads.
/// </summary>
internal sealed class StoredShapes
{
    /// <summary>Of all shapes together, a name counted in each that has it: 2 MB.</summary>
    public const int MostInShapes = 1 << 16;

    private const int MostNames = 1 << 12;

    private readonly ConcurrentDictionary<(StoredShape Before, string Name, AttributeKind Kind), StoredShape> _known = new();
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private int _inShapes;
    private int _nameCount;

    public StoredShapes() => Empty = new StoredShape(this);

    public StoredShape Empty { get; }

    /// <summary>A shape with one more attribute; null where it is not known and no more are kept.</summary>
    public StoredShape? Find(StoredShape before, string name, AttributeKind kind)
    {
        if (_known.TryGetValue((before, name, kind), out StoredShape? known)) return known;
        // Several threads at once may go past it by a shape each.
        int length = before.NameLengths.Length + 1;
        if (Volatile.Read(ref _inShapes) + length > MostInShapes) return null;
        Interlocked.Add(ref _inShapes, length);
        return _known.GetOrAdd((before, Name(name), kind), static one => new StoredShape(one.Before, one.Name, one.Kind));
    }

    /// <summary>The one object for a name, where it is among the first that came up.</summary>
    public string Name(string name)
    {
        if (_names.TryGetValue(name, out string? known)) return known;
        if (Volatile.Read(ref _nameCount) >= MostNames) return name;
        Interlocked.Increment(ref _nameCount);
        return _names.GetOrAdd(name, name);
    }
}
