using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;

namespace Recommender.Catalogue;

/// <summary>
/// The names of attributes in the order in which they stand, and the kind of each. Things of one sort have the same ones, so a catalogue has few shapes: what
/// items have is counted a shape, and a name that an item lacks is not looked for. Found from <see cref="Empty"/> on, an attribute at a time. Immutable; for
/// any number of threads.
/// </summary>
public sealed class AttributeShape
{
    // Of all that come from one empty shape, which they all have in common.
    private readonly ConcurrentDictionary<(AttributeShape Before, string Name, AttributeKind Kind), AttributeShape> _known;
    private readonly byte[] _lastName;
    private volatile AttributeShape? _latest;

    private AttributeShape() => (_known, _lastName, Attributes, NameLengths, IsOrdered) = (new(), [], [], [], true);

    private AttributeShape(AttributeShape before, string name, AttributeKind kind)
    {
        _known = before._known;
        _lastName = Encoding.UTF8.GetBytes(name);
        Attributes = before.Attributes.Add((name, kind));
        NameLengths = before.NameLengths.Add(_lastName.Length);
        IsOrdered = before.IsOrdered && (before.Attributes.IsEmpty || string.CompareOrdinal(before.Attributes[^1].Name, name) < 0);
    }

    /// <summary>One without attributes, that no other has anything in common with: what grew from it goes with it.</summary>
    public static AttributeShape Empty() => new();

    public ImmutableArray<(string Name, AttributeKind Kind)> Attributes { get; }

    /// <summary>How long each name is as UTF-8, in bytes.</summary>
    public ImmutableArray<int> NameLengths { get; }

    /// <summary>Whether each name comes once, in ordinal order.</summary>
    public bool IsOrdered { get; }

    /// <summary>This shape with one more attribute.</summary>
    public AttributeShape With(ReadOnlySpan<byte> utf8Name, AttributeKind kind)
    {
        // Nearly always the one that the item before had.
        if (_latest is { } latest && latest.Attributes[^1].Kind == kind && utf8Name.SequenceEqual(latest._lastName)) return latest;
        return _latest = _known.GetOrAdd((this, Encoding.UTF8.GetString(utf8Name), kind), static one => new AttributeShape(one.Before, one.Name, one.Kind));
    }

    /// <summary>Where the attribute of a name stands; -1 if there is none.</summary>
    public int IndexOf(string name)
    {
        for (int at = 0; at < Attributes.Length; at++)
            if (Attributes[at].Name == name) return at;
        return -1;
    }
}
