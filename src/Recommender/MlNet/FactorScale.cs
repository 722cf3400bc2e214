using System.Numerics.Tensors;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.MlNet;

/// <summary>
/// Brings factors that were fitted to another objective to the scale of ours, so that a fold-in against the items means what it means with
/// factors of our own. No order of items changes by it for anybody.
/// </summary>
/// <remarks>
/// Ours are fitted to 1 for what was wanted, so factors that estimate more than that (stars of a rating) are divided by what they estimate on
/// average. What is left free, how much of a product is the customer's and how much the item's, is where our objective has it at its
/// minimum: <c>sum_customers ridge |w|^2 = sum_items ridge |h|^2</c> (the derivative of the regularisation along w t, h / t).
/// </remarks>
internal static class FactorScale
{
    /// <param name="customers">Scaled in place.</param>
    /// <param name="items">Scaled in place.</param>
    /// <param name="interactions">Customers x items; may be empty.</param>
    /// <param name="options">Those of the fold-in to come.</param>
    public static void Fit(FactorMatrix customers, FactorMatrix items, InteractionMatrix interactions, FactorizationOptions options)
    {
        double product = 1 / Math.Max(1, MeanScore(customers, items, interactions));
        double ofCustomers = Regularised(customers, interactions, items.Rows, options),
            ofItems = Regularised(items, interactions.Transpose(), customers.Rows, options);
        // Nothing to balance where a side is zero: every score is.
        double ratio = ofCustomers > 0 && ofItems > 0 ? Math.Pow(ofItems / ofCustomers, 0.25) : 1;
        Scale(customers, Math.Sqrt(product) * ratio);
        Scale(items, Math.Sqrt(product) / ratio);
    }

    /// <summary>Over what was wanted; where nothing of that is known, over everything.</summary>
    private static double MeanScore(FactorMatrix customers, FactorMatrix items, InteractionMatrix interactions)
    {
        if (interactions.Count == 0) return TensorPrimitives.Dot<double>(MeanRow(customers), MeanRow(items));
        double sum = 0;
        for (int customer = 0; customer < interactions.RowCount; customer++)
        {
            foreach (int item in interactions.Row(customer).Columns) sum += TensorPrimitives.Dot(customers.Row(customer), items.Row(item));
        }
        return sum / interactions.Count;
    }

    private static double[] MeanRow(FactorMatrix side)
    {
        double[] mean = new double[side.Factors];
        for (int row = 0; row < side.Rows; row++)
        {
            for (int factor = 0; factor < mean.Length; factor++) mean[factor] += side.Row(row)[factor] / side.Rows;
        }
        return mean;
    }

    private static double Regularised(FactorMatrix side, InteractionMatrix interactions, int others, FactorizationOptions options)
    {
        double sum = 0;
        for (int row = 0; row < side.Rows; row++)
            sum += options.Ridge(interactions.Row(row).Total, others) * (double)TensorPrimitives.SumOfSquares(side.Row(row));
        return sum;
    }

    private static void Scale(FactorMatrix side, double scale)
    {
        for (int row = 0; row < side.Rows; row++) TensorPrimitives.Multiply(side.Row(row), (float)scale, side.MutableRow(row));
    }
}
