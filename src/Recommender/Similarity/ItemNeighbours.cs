namespace Recommender.Similarity;

/// <summary>The nearest items of each item, nearest first, as a sparse matrix in compressed rows. Immutable.</summary>
public sealed class ItemNeighbours
{
    private readonly long[] _starts;
    private readonly int[] _items;
    private readonly float[] _similarities;

    internal ItemNeighbours(long[] starts, int[] items, float[] similarities) =>
        (_starts, _items, _similarities) = (starts, items, similarities);

    public int ItemCount => _starts.Length - 1;

    /// <summary>Number of neighbours in all.</summary>
    public long Count => _items.Length;

    internal ReadOnlySpan<long> Starts => _starts;

    internal ReadOnlySpan<int> Items => _items;

    internal ReadOnlySpan<float> Similarities => _similarities;

    /// <summary>The neighbours of an item, nearest first.</summary>
    public ReadOnlySpan<int> Of(int item) => _items.AsSpan((int)_starts[item], Length(item));

    /// <summary>How near each of <see cref="Of"/> is; positive.</summary>
    public ReadOnlySpan<float> SimilaritiesOf(int item) => _similarities.AsSpan((int)_starts[item], Length(item));

    private int Length(int item) => (int)(_starts[item + 1] - _starts[item]);
}
