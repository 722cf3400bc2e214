using System.Collections.Immutable;
using Recommender.Catalogue;

namespace Recommender.Cli.Importing;

/// <summary>Collects the attributes of an item or a customer; what is absent is left away.</summary>
internal sealed class Attributes
{
    private readonly ImmutableSortedDictionary<string, AttributeValue>.Builder _values =
        ImmutableSortedDictionary.CreateBuilder<string, AttributeValue>(StringComparer.Ordinal);

    public Attributes Text(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) _values[name] = new AttributeValue.Text(value);
        return this;
    }

    public Attributes Number(string name, double? value)
    {
        if (value is double number) _values[name] = new AttributeValue.Number(number);
        return this;
    }

    public Attributes List(string name, IEnumerable<string> values)
    {
        ImmutableArray<string> present = [.. values.Select(value => value.Trim()).Where(value => value.Length > 0)];
        if (present.Length > 0) _values[name] = new AttributeValue.TextList(present);
        return this;
    }

    public Attributes Set(string name, AttributeValue value)
    {
        _values[name] = value;
        return this;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public ImmutableSortedDictionary<string, AttributeValue> Build() => _values.ToImmutable();
}
