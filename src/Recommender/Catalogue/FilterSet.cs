namespace Recommender.Catalogue;

/// <summary>Filters that hold together, by their texts, each once and in an order of their own; blank ones ask nothing and are not in it.</summary>
internal readonly struct FilterSet : IEquatable<FilterSet>
{
    private readonly string[] _texts;

    public FilterSet(ReadOnlySpan<string> filters)
    {
        int count = 0;
        foreach (string filter in filters) count += string.IsNullOrWhiteSpace(filter) ? 0 : 1;
        _texts = count == 0 ? [] : new string[count];
        foreach (string filter in filters)
        {
            if (!string.IsNullOrWhiteSpace(filter)) _texts[--count] = filter;
        }
        // A handful: sorted and looked through, so that who asks first does not matter.
        Array.Sort(_texts, StringComparer.Ordinal);
        int kept = 0;
        foreach (string text in _texts)
        {
            if (kept == 0 || _texts[kept - 1] != text) _texts[kept++] = text;
        }
        if (kept < _texts.Length) Array.Resize(ref _texts, kept);
    }

    public bool IsEmpty => _texts.Length == 0;

    public bool Equals(FilterSet other) => _texts.AsSpan().SequenceEqual(other._texts);

    public override bool Equals(object? obj) => obj is FilterSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (string text in _texts) hash.Add(text, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
