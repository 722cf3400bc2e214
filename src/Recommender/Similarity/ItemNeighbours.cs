using Recommender.Models;
using Recommender.Scoring;
using Recommender.Threading;

namespace Recommender.Similarity;

/// <summary>
/// For each item the items that are wanted with it and how much, as a sparse matrix in compressed rows, nearest first. What a history
/// says of an item is the sum of its similarities to the history's items. Immutable.
/// </summary>
public sealed class ItemNeighbours
{
    private readonly Numbers<long> _starts;
    private readonly Numbers<int> _items;
    private readonly Numbers<float> _similarities;

    internal ItemNeighbours(Numbers<long> starts, Numbers<int> items, Numbers<float> similarities)
    {
        (_starts, _items, _similarities) = (starts, items, similarities);
        ItemCount = (int)(starts.Count - 1);
    }

    public int ItemCount { get; }

    /// <summary>Number of neighbours in all.</summary>
    public long Count => _items.Count;

    internal ReadOnlySpan<long> Starts => _starts.Span;

    internal ReadOnlySpan<int> Items => _items.Span;

    internal ReadOnlySpan<float> Similarities => _similarities.Span;

    internal bool IsMapped => _items.IsMapped;

    /// <summary>Similarities of all items, in any order: they may be more than a span can have.</summary>
    internal Numbers<float> AllSimilarities => _similarities;

    /// <summary>The neighbours of an item, nearest first. In a model from a file they are good as long as the model is reachable.</summary>
    public ReadOnlySpan<int> Of(int item) => _items.Slice(_starts[item], Length(item));

    /// <summary>How near each of <see cref="Of"/> is. Below 0: who has the one wants the other less than their other items say.</summary>
    public ReadOnlySpan<float> SimilaritiesOf(int item) => _similarities.Slice(_starts[item], Length(item));

    /// <summary>From the neighbours of each item, nearest first.</summary>
    internal static ItemNeighbours OfRows(ScoredItem[][] rows)
    {
        var starts = new long[rows.Length + 1];
        for (int item = 0; item < rows.Length; item++) starts[item + 1] = starts[item] + rows[item].Length;
        var items = new int[starts[^1]];
        var similarities = new float[starts[^1]];
        for (int item = 0; item < rows.Length; item++)
        {
            for (int k = 0; k < rows[item].Length; k++)
                (items[starts[item] + k], similarities[starts[item] + k]) = (rows[item][k].Item, rows[item][k].Score);
        }
        return new ItemNeighbours(starts, items, similarities);
    }

    /// <summary>
    /// From the items that speak for each item: fitted item by item, but a history is read by its items. As many are kept in all, some
    /// items then have more and some fewer.
    /// </summary>
    internal static ItemNeighbours OfColumns(ScoredItem[][] columns, int threads, CancellationToken cancellation)
    {
        var starts = new long[columns.Length + 1];
        foreach (ScoredItem[] column in columns)
        {
            foreach (ScoredItem one in column) starts[one.Item + 1]++;
        }
        for (int item = 0; item < columns.Length; item++) starts[item + 1] += starts[item];
        long[] next = starts[..^1];
        var items = new int[starts[^1]];
        var similarities = new float[starts[^1]];
        for (int to = 0; to < columns.Length; to++)
        {
            foreach (ScoredItem one in columns[to])
            {
                long at = next[one.Item]++;
                (items[at], similarities[at]) = (to, one.Score);
            }
        }
        // Nearest first, equals by their numbers.
        Parallel.For(0, columns.Length, Cores.Of(threads, cancellation), item =>
        {
            int start = (int)starts[item], length = (int)(starts[item + 1] - start);
            var order = new (float Nearness, int Item)[length];
            for (int k = 0; k < length; k++) order[k] = (-similarities[start + k], items[start + k]);
            Array.Sort(order);
            for (int k = 0; k < length; k++) (similarities[start + k], items[start + k]) = (-order[k].Nearness, order[k].Item);
        });
        return new ItemNeighbours(starts, items, similarities);
    }

    private int Length(int item) => (int)(_starts[item + 1L] - _starts[item]);
}
