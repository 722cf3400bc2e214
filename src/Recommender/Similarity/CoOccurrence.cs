using Recommender.Interactions;

namespace Recommender.Similarity;

/// <summary>
/// How often items are had together: <c>G = X' W X</c> of the confidences X, row by row, never as a whole. W holds back customers with
/// long histories, and leaves out those who have more than <see cref="SimilarityOptions.LongestHistory"/>.
/// </summary>
internal sealed class CoOccurrence
{
    private readonly InteractionMatrix _itemsOf;
    private readonly float[] _weights;

    /// <param name="interactions">Customers x items.</param>
    /// <param name="longestHistory">Customers with more items count for nothing.</param>
    /// <param name="activity">A customer of n items has the weight (n / mean n)^-activity.</param>
    public CoOccurrence(InteractionMatrix interactions, int longestHistory, double activity)
    {
        (_itemsOf, CustomersOf, _weights) = (interactions, interactions.Transpose(), new float[interactions.RowCount]);
        double mean = interactions.Count / (double)Math.Max(1, Enumerable.Range(0, interactions.RowCount).Count(row => interactions.Row(row).Length > 0));
        for (int customer = 0; customer < _weights.Length; customer++)
        {
            int length = interactions.Row(customer).Length;
            _weights[customer] = length > longestHistory || length == 0 ? 0 : (float)Math.Pow(length / mean, -activity);
        }
        Totals = new double[interactions.ColumnCount];
        Squares = new double[interactions.ColumnCount];
        for (int item = 0; item < Totals.Length; item++)
        {
            InteractionRow customers = CustomersOf.Row(item);
            for (int k = 0; k < customers.Length; k++)
            {
                double confidence = customers.Confidence(k), weight = _weights[customers.Columns[k]];
                Totals[item] += confidence;
                Squares[item] += weight * confidence * confidence;
            }
        }
    }

    /// <summary>Items x customers.</summary>
    public InteractionMatrix CustomersOf { get; }

    /// <summary>Sum of each item's confidences.</summary>
    public double[] Totals { get; }

    /// <summary>The diagonal of G.</summary>
    public double[] Squares { get; }

    /// <summary>W. 0 where a customer counts for nothing.</summary>
    public float WeightOf(int customer) => _weights[customer];

    /// <summary>Adds an item's row of G, its diagonal included.</summary>
    public void AddRow(int item, ItemSums sums)
    {
        InteractionRow customers = CustomersOf.Row(item);
        for (int k = 0; k < customers.Length; k++)
        {
            float weight = _weights[customers.Columns[k]] * customers.Confidence(k);
            if (weight == 0) continue;
            InteractionRow items = _itemsOf.Row(customers.Columns[k]);
            for (int j = 0; j < items.Length; j++) sums.Add(items.Columns[j], weight * items.Confidence(j));
        }
    }

    /// <summary>
    /// How much an item that popularity holds back counts: <c>(total / mean total)^-exponent</c>, so that weights stay of one size on all
    /// data. 1 for one that nobody has.
    /// </summary>
    public float[] HoldBack(double exponent)
    {
        double mean = Totals.Sum() / Math.Max(1, Totals.Count(total => total > 0));
        return [.. Totals.Select(total => total > 0 ? (float)Math.Pow(total / mean, -exponent) : 1)];
    }
}
