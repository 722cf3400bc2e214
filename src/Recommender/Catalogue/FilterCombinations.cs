using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Recommender.Scoring;

namespace Recommender.Catalogue;

/// <summary>
/// What is available under several filters at once, kept until the catalogue changes or there are too many. Each is a few operations on whole
/// masks, so nothing is lost by forgetting all of them; what counts is that requests do not copy a catalogue's bits again and again.
/// </summary>
internal sealed class FilterCombinations(int most)
{
    private readonly ConcurrentDictionary<FilterSet, Combination> _known = new();

    // Counting a concurrent dictionary takes all its locks.
    private int _count;

    public bool TryGet(FilterSet filters, long writes, [NotNullWhen(true)] out ItemMask? mask)
    {
        mask = _known.TryGetValue(filters, out Combination? known) && known.Writes == writes ? known.Mask : null;
        return mask is not null;
    }

    public void Put(FilterSet filters, long writes, ItemMask mask)
    {
        bool isNew = !_known.ContainsKey(filters);
        if (isNew && Interlocked.Increment(ref _count) > most)
        {
            _known.Clear();
            Volatile.Write(ref _count, 1);
        }
        _known[filters] = new Combination(writes, mask);
    }

    /// <summary>As many for masks of another length.</summary>
    public FilterCombinations Anew() => new(most);

    private sealed record Combination(long Writes, ItemMask Mask);
}
