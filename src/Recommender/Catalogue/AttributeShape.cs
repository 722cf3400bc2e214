using System.Collections.Immutable;

namespace Recommender.Catalogue;

/// <summary>
/// The names of attributes in the order in which they stand, and the kind of each. Things of one sort have the same ones, so a catalogue
/// has few shapes: what items have is counted a shape, and a name that an item lacks is not looked for. Immutable.
/// </summary>
public sealed class AttributeShape(ImmutableArray<(string Name, AttributeKind Kind)> attributes)
{
    public ImmutableArray<(string Name, AttributeKind Kind)> Attributes { get; } = attributes;

    /// <summary>Where the attribute of a name stands; -1 if there is none.</summary>
    public int IndexOf(string name)
    {
        for (int at = 0; at < Attributes.Length; at++)
            if (Attributes[at].Name == name) return at;
        return -1;
    }
}
