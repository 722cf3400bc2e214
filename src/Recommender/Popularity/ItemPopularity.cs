using Recommender.Interactions;

namespace Recommender.Popularity;

/// <summary>
/// How much each item is wanted by everybody: the sum of its confidences (which have decayed by age), over that of the most wanted.
/// It answers where nothing is known of a person, and steadies what is inferred from little.
/// </summary>
public sealed class ItemPopularity
{
    private readonly float[] _shares;
    private readonly int[] _order;

    /// <param name="shares">One an item, 0 to 1.</param>
    internal ItemPopularity(float[] shares)
    {
        _shares = shares;
        _order = new int[shares.Length];
        for (int item = 0; item < _order.Length; item++) _order[item] = item;
        Array.Sort(_order, (a, b) => shares[a] != shares[b] ? shares[b].CompareTo(shares[a]) : a.CompareTo(b));
    }

    public static ItemPopularity Of(InteractionMatrix interactions)
    {
        var sums = new double[interactions.ColumnCount];
        for (int row = 0; row < interactions.RowCount; row++)
        {
            InteractionRow ofRow = interactions.Row(row);
            for (int k = 0; k < ofRow.Length; k++) sums[ofRow.Columns[k]] += ofRow.Confidence(k);
        }
        double most = sums.DefaultIfEmpty().Max();
        return new ItemPopularity(Array.ConvertAll(sums, sum => most > 0 ? (float)(sum / most) : 0));
    }

    /// <summary>1 for the most wanted item, in proportion for the others.</summary>
    public ReadOnlySpan<float> Shares => _shares;

    /// <summary>All item numbers, most wanted first, equals by their number.</summary>
    public ReadOnlySpan<int> Order => _order;
}
