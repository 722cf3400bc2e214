using System.Collections.Immutable;
using System.Text;
using Recommender.Catalogue;

namespace Recommender.Storage;

/// <summary>
/// A shape of attributes with what it takes to step over them where they are stored. Found from <see cref="StoredShapes.Empty"/> on, an
/// attribute at a time. For any number of threads.
/// </summary>
internal sealed class StoredShape
{
    private readonly StoredShapes _all;
    private readonly byte[] _lastName = [];
    private volatile StoredShape? _latest;

    public StoredShape(StoredShapes all) => (_all, Names, NameLengths, IsOrdered) = (all, new AttributeShape([]), [], true);

    public StoredShape(StoredShape before, string name, AttributeKind kind)
    {
        _all = before._all;
        _lastName = Encoding.UTF8.GetBytes(name);
        ImmutableArray<(string Name, AttributeKind Kind)> attributes = before.Names.Attributes;
        Names = new AttributeShape(attributes.Add((name, kind)));
        NameLengths = before.NameLengths.Add(_lastName.Length);
        IsOrdered = before.IsOrdered && (attributes.IsEmpty || string.CompareOrdinal(attributes[^1].Name, name) < 0);
    }

    public AttributeShape Names { get; }

    /// <summary>How long each name is as UTF-8, in bytes.</summary>
    public ImmutableArray<int> NameLengths { get; }

    /// <summary>Whether each name comes once, in ordinal order.</summary>
    public bool IsOrdered { get; }

    /// <summary>This shape with one more attribute; null where there are too many shapes already.</summary>
    public StoredShape? With(ReadOnlySpan<byte> utf8Name, AttributeKind kind)
    {
        // Nearly always the one that the item before had.
        if (_latest is { } latest && latest.Names.Attributes[^1].Kind == kind && utf8Name.SequenceEqual(latest._lastName)) return latest;
        return _all.Find(this, Encoding.UTF8.GetString(utf8Name), kind) is { } found ? _latest = found : null;
    }
}
