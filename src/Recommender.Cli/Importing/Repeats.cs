namespace Recommender.Cli.Importing;

/// <summary>
/// Numbers equal lines within a group of lines that stand together (a basket, the ratings of one book), so that each has its own event
/// id. Only the current group is remembered.
/// </summary>
internal sealed class Repeats
{
    private readonly Dictionary<string, int> _seen = [];
    private string? _group;

    /// <summary>Nothing the first time a key is seen in its group, then ":2", ":3", ...</summary>
    public string Suffix(string group, string key)
    {
        if (group != _group) _seen.Clear();
        _group = group;
        int count = _seen[key] = _seen.GetValueOrDefault(key) + 1;
        return count == 1 ? "" : $":{count}";
    }
}
