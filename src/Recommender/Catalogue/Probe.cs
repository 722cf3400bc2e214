using System.Collections.Immutable;

namespace Recommender.Catalogue;

/// <summary>An item with the attributes that are put into it, to ask a condition about values instead of about items.</summary>
internal sealed class Probe : ItemAttributes
{
    private readonly ImmutableArray<string> _names;
    private readonly AttributeValue?[] _values;

    public Probe(ImmutableArray<string> names)
    {
        (_names, _values) = (names, new AttributeValue?[names.Length]);
        Asked = new Item("") { Attributes = this };
    }

    /// <summary>It has no id: no condition that asks for one may be asked of it.</summary>
    public Item Asked { get; }

    public override int Count => _values.Count(value => value is not null);

    protected override ImmutableArray<KeyValuePair<string, AttributeValue>> Ordered =>
        [.. _names.Zip(_values, KeyValuePair.Create).Where(entry => entry.Value is not null).OrderBy(entry => entry.Key, StringComparer.Ordinal)!];

    /// <summary>The value of one of the names; null to lack it.</summary>
    public AttributeValue? this[int name]
    {
        set => _values[name] = value;
    }

    protected internal override AttributeValue? Find(string name)
    {
        for (int k = 0; k < _names.Length; k++)
            if (_names[k] == name) return _values[k];
        return null;
    }
}
