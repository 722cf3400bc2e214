using System.Collections.Immutable;
using Recommender.Interactions;
using Recommender.Scoring;

namespace Recommender.Evaluation;

/// <summary>How often each item was learned and to be found, put together by bands.</summary>
internal sealed class ItemCounts
{
    private readonly int[] _train, _test;
    private readonly Bands _bands;
    private readonly ItemMask? _candidates;

    public ItemCounts(InteractionMatrix train, InteractionMatrix test, ImmutableArray<int> rows, Bands bands, ItemMask? candidates)
    {
        (_train, _test, _bands, _candidates) = (new int[train.ColumnCount], new int[train.ColumnCount], bands, candidates);
        for (int row = 0; row < train.RowCount; row++) Count(train.Row(row).Columns, _train);
        foreach (int row in rows) Count(test.Row(row).Columns, _test);
    }

    /// <summary>Those of the items that could be answered.</summary>
    public int[] Ranked(ImmutableArray<int> counts) => _candidates is null ? [.. counts] : [.. counts.Where((_, item) => _candidates[item])];

    public ImmutableArray<ItemFigures> Of(CutoffMetrics metrics)
    {
        int[] items = new int[_bands.Count], shown = new int[_bands.Count];
        long[] train = new long[_bands.Count], test = new long[_bands.Count], lists = new long[_bands.Count], hits = new long[_bands.Count];
        for (int item = 0; item < _bands.Of.Length; item++)
        {
            if (_candidates is not null && !_candidates[item]) continue;
            int band = _bands.Of[item];
            items[band]++;
            if (metrics.Exposures[item] > 0) shown[band]++;
            (train[band], test[band]) = (train[band] + _train[item], test[band] + _test[item]);
            (lists[band], hits[band]) = (lists[band] + metrics.Exposures[item], hits[band] + metrics.Hits[item]);
        }
        return [.. _bands.Names.Select((name, k) => new ItemFigures(name, items[k], Part(train, k), Part(test, k), Part(lists, k), Part(hits, k),
            test[k] == 0 ? null : (double)hits[k] / test[k], items[k] == 0 ? 0 : (double)shown[k] / items[k])).Where(band => band.Items > 0)];
    }

    private static double Part(long[] counts, int band) => (double)counts[band] / Math.Max(1, counts.Sum());

    private static void Count(ReadOnlySpan<int> columns, int[] counts)
    {
        foreach (int column in columns) counts[column]++;
    }
}
