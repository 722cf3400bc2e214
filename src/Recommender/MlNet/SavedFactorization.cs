using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>
/// A matrix factorization as ML.NET saves it: which side of the matrix holds the customers is not said there
/// (<see cref="CustomerColumn"/>). The value at row r and column c is estimated by the product of their factors. Immutable.
/// </summary>
public sealed class SavedFactorization
{
    /// <exception cref="InvalidModelException">The sides do not have the same number of factors.</exception>
    public SavedFactorization(SavedSide rows, SavedSide columns, int factors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factors, 1);
        (Rows, Columns, Factors) = (rows, columns, factors);
        rows.Require(factors, "row");
        columns.Require(factors, "column");
        if (rows.KeyColumn == columns.KeyColumn) throw new InvalidModelException($"Rows and columns are both numbered by the column '{rows.KeyColumn}'.");
    }

    public SavedSide Rows { get; }

    public SavedSide Columns { get; }

    /// <summary>Length of each factor vector; ML.NET calls it the approximation rank.</summary>
    public int Factors { get; }
}

/// <summary>Rows or columns of the matrix.</summary>
/// <param name="InputColumn">The column of the data that holds the keys.</param>
/// <param name="KeyColumn">The column with their numbers, which the factorization reads; the same where they are mapped in place or are indices.</param>
/// <param name="Keys">What the numbers stand for.</param>
/// <param name="Values">The factors, one vector after the other, in the order of the keys.</param>
public sealed record SavedSide(string InputColumn, string KeyColumn, KeyVocabulary Keys, ReadOnlyMemory<float> Values)
{
    internal void Require(int factors, string side)
    {
        if ((long)Keys.Count * factors != Values.Length)
            throw new InvalidModelException($"There are {Keys.Count} {side} keys, and factors for {Values.Length / factors}.");
        if (Keys.IsIndex && InputColumn != KeyColumn)
            throw new InvalidModelException($"The {side} keys are indices, so nothing maps the column '{InputColumn}' to '{KeyColumn}': they are one column.");
    }
}
