using Recommender.ColdStart;
using Recommender.Factorization;

namespace Recommender.Scoring;

/// <summary>
/// What is known of a person in the model's numbers: the items of their history, behind them the options they chose, with their confidences
/// and the positions in which they were given. One at a time uses it; it allocates only when there is more than ever before.
/// </summary>
internal sealed class Evidence(AnswerRates rates)
{
    // Beyond these a float has no room for the reciprocals and the sums of confidences; no purchase is near them.
    private const float Least = 1e-20f;
    private const float Most = 1e20f;

    private int[] _columns = new int[64];
    private float[] _confidences = new float[64];
    private int[] _positions = new int[64];
    private int _items;
    private int _options;
    private int _given;

    /// <summary>The items, in their order; an item may be there twice.</summary>
    public ReadOnlySpan<int> Items => _columns.AsSpan(0, _items);

    public ReadOnlySpan<float> ItemConfidences => _confidences.AsSpan(0, _items);

    /// <summary>The items and behind them the options.</summary>
    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, _items + _options);

    public ReadOnlySpan<float> Confidences => _confidences.AsSpan(0, _items + _options);

    /// <summary>Where one of <see cref="Columns"/> was given. Those behind them are refusals, which follow all that was given.</summary>
    public int PositionOf(int at) => at < _items + _options ? _positions[at] : _given + at - _items - _options;

    /// <summary>Takes those whose confidence is finite and at least 1e-20; of more than 1e20 it takes 1e20.</summary>
    /// <param name="columns">Of the model.</param>
    /// <param name="confidences">As many.</param>
    /// <param name="answered">Whether chosen options are told from items; without answers they count as items.</param>
    public void Read(ReadOnlySpan<int> columns, ReadOnlySpan<float> confidences, bool answered)
    {
        if (columns.Length != confidences.Length)
            throw new ArgumentException($"{columns.Length} items, {confidences.Length} confidences.", nameof(confidences));
        Reserve(columns.Length);
        int count = 0;
        for (int k = 0; k < columns.Length; k++)
        {
            if (!(confidences[k] >= Least && float.IsFinite(confidences[k]))) continue;
            (_columns[count], _confidences[count], _positions[count]) = (columns[k], Math.Min(confidences[k], Most), k);
            count++;
        }
        _given = columns.Length;
        _items = answered ? OptionsLast(count) : count;
        _options = count - _items;
    }

    /// <summary>Takes items that are looked at, the newcomers among them by their look-alikes.</summary>
    public void ReadContext(ReadOnlySpan<int> items, Newcomers newcomers)
    {
        int count = 0;
        foreach (int item in items) count += newcomers.Find(item)?.Lookalikes.Length ?? 1;
        Reserve(count);
        count = 0;
        foreach (int item in items)
        {
            if (newcomers.Find(item) is not { } newcomer)
            {
                (_columns[count], _confidences[count++]) = (item, 1);
                continue;
            }
            for (int k = 0; k < newcomer.Lookalikes.Length; k++)
                (_columns[count], _confidences[count++]) = (newcomer.Lookalikes[k], newcomer.Shares[k]);
        }
        (_items, _options, _given) = (count, 0, items.Length);
    }

    private void Reserve(int length)
    {
        if (length <= _columns.Length) return;
        int capacity = length * 2;
        (_columns, _confidences, _positions) = (new int[capacity], new float[capacity], new int[capacity]);
    }

    // Moves chosen options behind the items; how many items there are.
    private int OptionsLast(int count)
    {
        int items = 0;
        for (int k = 0; k < count; k++)
        {
            if (rates.IsOption(_columns[k])) continue;
            (_columns[items], _columns[k]) = (_columns[k], _columns[items]);
            (_confidences[items], _confidences[k]) = (_confidences[k], _confidences[items]);
            (_positions[items], _positions[k]) = (_positions[k], _positions[items]);
            items++;
        }
        return items;
    }
}
