using Recommender.Evaluation;

namespace Recommender.Cli.Reporting;

/// <summary>What kind of data was measured on: figures of one set say little of another.</summary>
/// <param name="Origin">Where it comes from and how it was split.</param>
/// <param name="Customers">Rows with a history.</param>
/// <param name="Items">In the catalogue that was ranked.</param>
/// <param name="Interactions">Learned.</param>
/// <param name="Density">Part of all pairs that were learned.</param>
/// <param name="MedianHistory">Items of the customer in the middle.</param>
/// <param name="Measured">Customers with something to find.</param>
/// <param name="MeasuredUnknown">Of those, the ones without a history.</param>
/// <param name="ToFind">Pairs to find.</param>
/// <param name="ToFindUnknown">Of those, the ones whose item nobody has in training: no model can find them by what people choose.</param>
internal sealed record MeasuredData(string Origin, int Customers, int Items, long Interactions, double Density, int MedianHistory, int Measured,
    int MeasuredUnknown, long ToFind, long ToFindUnknown, bool IsShuffled)
{
    public static MeasuredData Of(HoldOut split, string origin, int items, bool isShuffled)
    {
        var train = split.Train.Matrix;
        int[] histories = [.. Enumerable.Range(0, train.RowCount).Select(row => train.Row(row).Length).Where(length => length > 0).Order()];
        int[] measured = [.. Enumerable.Range(0, train.RowCount).Where(row => split.Test.Row(row).Length > 0)];
        var known = new bool[train.ColumnCount];
        for (int row = 0; row < train.RowCount; row++)
        {
            foreach (int item in train.Row(row).Columns) known[item] = true;
        }
        long unknown = 0;
        foreach (int row in measured)
        {
            foreach (int item in split.Test.Row(row).Columns)
            {
                if (!known[item]) unknown++;
            }
        }
        return new MeasuredData(origin, histories.Length, items, train.Count, train.Count / Math.Max(1.0, (double)histories.Length * items),
            histories.Length == 0 ? 0 : histories[histories.Length / 2], measured.Length, measured.Count(row => train.Row(row).Length == 0),
            split.Test.Count, unknown, isShuffled);
    }
}
