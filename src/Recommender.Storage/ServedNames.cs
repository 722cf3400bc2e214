namespace Recommender.Storage;

/// <summary>What is named in one answer, in the order in which it is written; a place is a position in it.</summary>
internal sealed class ServedNames
{
    // The things of a history, with their texts, that speak for an answer are fewer nearly always. More are not looked for, so that ten
    // thousand items with a reason each of their own are written in a time that grows as they do.
    private const int MostFoundAgain = 256;

    private readonly List<string> _all = [];
    private readonly List<(string Name, int Place)> _foundAgain = [];

    public IReadOnlyList<string> All => _all;

    /// <summary>The place of what nobody looks for: an item is shown once.</summary>
    public int Add(string name)
    {
        _all.Add(name);
        return _all.Count - 1;
    }

    /// <summary>The place of what may stand there already.</summary>
    public int PlaceOf(string name)
    {
        // The same name is the same object nearly always. Where it is not, it stands there twice, which costs some bytes.
        foreach ((string known, int place) in _foundAgain)
        {
            if (ReferenceEquals(known, name)) return place;
        }
        int added = Add(name);
        if (_foundAgain.Count < MostFoundAgain) _foundAgain.Add((name, added));
        return added;
    }

    public void Clear()
    {
        _all.Clear();
        _foundAgain.Clear();
    }
}
