using Recommender.Interactions;

namespace Recommender.Popularity;

/// <summary>
/// How much each item is wanted by everybody: its confidences (which have decayed by age), averaged over all people. It answers where
/// nothing is known of a person, and steadies what is inferred from little.
/// </summary>
public sealed class ItemPopularity
{
    private readonly float[] _means;
    private readonly int[] _order;

    /// <param name="means">Mean confidence over all people, one an item.</param>
    internal ItemPopularity(float[] means)
    {
        _means = means;
        // One number each: whole numbers sort several times faster than a comparison that is called. Below the bits of the mean, those of the item.
        var keys = new ulong[means.Length];
        for (int item = 0; item < keys.Length; item++) keys[item] = (ulong)Descending(means[item]) << 32 | (uint)item;
        Array.Sort(keys);
        _order = Array.ConvertAll(keys, key => (int)(uint)key);
    }

    // The greater, the smaller; 0 and -0 are one.
    private static uint Descending(float mean)
    {
        uint bits = BitConverter.SingleToUInt32Bits(mean + 0f);
        return (bits & 0x8000_0000) == 0 ? ~(bits | 0x8000_0000) : bits;
    }

    public static ItemPopularity Of(InteractionMatrix interactions)
    {
        var sums = new double[interactions.ColumnCount];
        for (int row = 0; row < interactions.RowCount; row++)
        {
            InteractionRow ofRow = interactions.Row(row);
            for (int k = 0; k < ofRow.Length; k++) sums[ofRow.Columns[k]] += ofRow.Confidence(k);
        }
        return new ItemPopularity(Array.ConvertAll(sums, sum => (float)(sum / Math.Max(1, interactions.RowCount))));
    }

    /// <summary>Mean confidence of each item over all people: with plain purchases, the part of the people who bought it.</summary>
    public ReadOnlySpan<float> Means => _means;

    /// <summary>All item numbers, most wanted first, equals by their number.</summary>
    public ReadOnlySpan<int> Order => _order;
}
