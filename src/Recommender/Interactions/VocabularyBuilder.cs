using System.Text;

namespace Recommender.Interactions;

/// <summary>Gives ids their numbers in the order in which they are first seen. Not for several threads at once.</summary>
/// <param name="known">Whose strings are kept for the ids that are in it; their numbers are others here.</param>
public sealed class VocabularyBuilder(Vocabulary? known = null)
{
    private Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private List<string> _ids = [];

    public int Count => _ids.Count;

    public string this[int number] => _ids[number];

    public bool TryGetNumber(string id, out int number) => _numbers.TryGetValue(id, out number);

    /// <summary>The number of an id; a new id gets the next one.</summary>
    /// <exception cref="ArgumentException">The id has half a surrogate pair, which no UTF-8 file can keep.</exception>
    public int Add(string id)
    {
        if (_numbers.TryGetValue(id, out int number)) return number;
        if (known is not null && known.TryGetHeld(id, out string? held)) id = held;
        else RefuseBrokenText(id);
        number = _ids.Count;
        _numbers.Add(id, number);
        _ids.Add(id);
        return number;
    }

    /// <summary>The vocabulary of all ids added. The builder hands its memory over and starts again empty.</summary>
    public Vocabulary Build()
    {
        var built = new Vocabulary(_numbers, _ids);
        _numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        _ids = [];
        return built;
    }

    private static void RefuseBrokenText(string id)
    {
        ReadOnlySpan<char> rest = id;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int consumed) != System.Buffers.OperationStatus.Done)
                throw new ArgumentException($"The id has half a surrogate pair at character {id.Length - rest.Length}.", nameof(id));
            rest = rest[consumed..];
        }
    }
}
