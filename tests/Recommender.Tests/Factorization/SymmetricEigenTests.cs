using Recommender.Factorization;

namespace Recommender.Tests.Factorization;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5)]
    [InlineData(33, 100)]
    [InlineData(100, 40)]
    [InlineData(200, 1)]
    public void Vectors_are_orthonormal_and_the_matrix_stretches_each_by_its_value(int size, int rank)
    {
        FactorMatrix square = Gramian.Of(VectorKernelsTests.Random(rank, size, size), 1, VectorKernels.Best, threads: 1, CancellationToken.None);
        (double[] values, double[][] vectors) = SymmetricEigen.Decompose(square, size, threads: 2, CancellationToken.None);
        double tolerance = 1e-11 * values[0];
        for (int k = 0; k < size; k++)
        {
            if (k > 0) Assert.True(values[k] <= values[k - 1]);
            for (int other = 0; other <= k; other++) Assert.Equal(other == k ? 1 : 0, Dot(vectors[k], vectors[other]), 1e-11);
            for (int i = 0; i < size; i++)
            {
                double product = 0;
                for (int j = 0; j < size; j++) product += square.Row(i)[j] * vectors[k][j];
                Assert.Equal(values[k] * vectors[k][i], product, tolerance);
            }
        }
    }

    [Fact]
    public void Nothing_and_a_diagonal_are_decomposed_too()
    {
        Assert.Equal([0, 0, 0], SymmetricEigen.Decompose(new FactorMatrix(3, 3), 3, threads: 1, CancellationToken.None).Values);
        var diagonal = new FactorMatrix(3, 3);
        (diagonal.MutableRow(0)[0], diagonal.MutableRow(1)[1], diagonal.MutableRow(2)[2]) = (1, 5, 3);
        Assert.Equal([5, 3, 1], SymmetricEigen.Decompose(diagonal, 3, threads: 1, CancellationToken.None).Values);
    }

    [Fact]
    public void A_matrix_that_is_not_finite_is_refused()
    {
        var square = new FactorMatrix(4, 4);
        for (int i = 0; i < 4; i++) square.MutableRow(i).Fill(float.NaN);
        Assert.Throws<ArithmeticException>(() => SymmetricEigen.Decompose(square, 4, threads: 1, CancellationToken.None));
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++) sum += a[j] * b[j];
        return sum;
    }
}
