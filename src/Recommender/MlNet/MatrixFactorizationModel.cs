namespace Recommender.MlNet;

/// <summary>A saved factorization of which is known what its rows and columns are. Predicts what ML.NET predicts, to the bit.</summary>
public sealed class MatrixFactorizationModel(SavedFactorization saved, MatrixSide customers)
{
    public SavedFactorization Saved { get; } = saved;

    public SavedSide Customers { get; } = customers == MatrixSide.Rows ? saved.Rows : saved.Columns;

    public SavedSide Items { get; } = customers == MatrixSide.Rows ? saved.Columns : saved.Rows;

    /// <summary>Length of each factor vector.</summary>
    public int Factors => Saved.Factors;

    public ReadOnlySpan<float> CustomerFactors(int customer) => Customers.Values.Span.Slice(customer * Factors, Factors);

    public ReadOnlySpan<float> ItemFactors(int item) => Items.Values.Span.Slice(item * Factors, Factors);

    /// <summary>NaN where the customer or the item is not known, as in ML.NET.</summary>
    public float Predict(string customer, string item) =>
        Customers.Keys.TryGetNumber(customer, out int customerNumber) && Items.Keys.TryGetNumber(item, out int itemNumber)
            ? Predict(customerNumber, itemNumber)
            : float.NaN;

    public float Predict(int customer, int item)
    {
        ReadOnlySpan<float> ofCustomer = CustomerFactors(customer), ofItem = ItemFactors(item);
        // One product after the other: any other order of the sum rounds otherwise.
        float sum = 0;
        for (int factor = 0; factor < ofCustomer.Length; factor++) sum += ofCustomer[factor] * ofItem[factor];
        return sum;
    }
}

/// <summary>The two sides of the matrix.</summary>
public enum MatrixSide
{
    Rows,
    Columns,
}
