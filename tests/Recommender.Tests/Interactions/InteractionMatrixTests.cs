using Recommender.Interactions;
using Recommender.Tests.Models;

namespace Recommender.Tests.Interactions;

public sealed class InteractionMatrixTests
{
    [Fact]
    public void Transposing_swaps_rows_and_columns_and_keeps_confidences()
    {
        InteractionMatrix matrix = SmallShop.Random(1).Matrix, transposed = matrix.Transpose();
        Assert.Equal(Cells(matrix), Cells(transposed).Select(cell => (cell.Column, cell.Row, cell.Confidence)).Order());
        Assert.Equal(Cells(matrix), Cells(transposed.Transpose()));
    }

    [Fact]
    public void A_pair_that_comes_twice_counts_once()
    {
        InteractionMatrix matrix = InteractionMatrix.FromPairs(2, 3, [(1, 2), (0, 1), (1, 2), (1, 0)]);
        Assert.Equal([(0, 1, 1f), (1, 0, 1f), (1, 2, 1f)], Cells(matrix));
        Assert.True(matrix.IsBinary);
    }

    [Theory]
    [InlineData(new long[] { 0, 2 }, new[] { 1, 0 }, null)]
    [InlineData(new long[] { 0, 2 }, new[] { 1, 1 }, null)]
    [InlineData(new long[] { 0, 1 }, new[] { 3 }, null)]
    [InlineData(new long[] { 0, 1 }, new[] { -1 }, null)]
    [InlineData(new long[] { 0, 2, 1 }, new[] { 0 }, null)]
    [InlineData(new long[] { 0, 1 }, new[] { 0, 1 }, null)]
    [InlineData(new long[] { 0, 1 }, new[] { 0 }, new[] { float.NaN })]
    [InlineData(new long[] { 0, 1 }, new[] { 0 }, new[] { 0f })]
    [InlineData(new long[] { 0, 1 }, new[] { 0 }, new[] { 1f, 1f })]
    public void Arrays_that_contradict_each_other_are_refused(long[] rowStarts, int[] columns, float[]? confidences) =>
        Assert.Throws<ArgumentException>(() => new InteractionMatrix(3, rowStarts, columns, confidences));

    private static List<(int Row, int Column, float Confidence)> Cells(InteractionMatrix matrix)
    {
        var cells = new List<(int, int, float)>();
        for (int row = 0; row < matrix.RowCount; row++)
        {
            InteractionRow ofRow = matrix.Row(row);
            for (int k = 0; k < ofRow.Length; k++) cells.Add((row, ofRow.Columns[k], ofRow.Confidence(k)));
        }
        return cells;
    }
}
