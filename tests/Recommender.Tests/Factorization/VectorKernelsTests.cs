using Recommender.Factorization;

namespace Recommender.Tests.Factorization;

/// <summary>Every register width against the schoolbook's loops in double precision.</summary>
public sealed unsafe class VectorKernelsTests
{
    internal static readonly Dictionary<int, VectorKernels> Widths = new()
    {
        [128] = VectorKernels.Wide128,
        [256] = VectorKernels.Wide256,
        [512] = VectorKernels.Wide512,
    };

    public static TheoryData<int, int> WidthsAndFactors
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (int width in Widths.Keys)
            {
                foreach (int factors in (int[])[1, 31, 32, 100]) data.Add(width, factors);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndFactors))]
    public void Rows_times_a_square_matrix(int width, int factors)
    {
        FactorMatrix rows = Random(12, factors, 1), square = Random(factors, factors, 2), result = new(12, factors);
        Widths[width].MultiplyBlock(rows.Start, 12, PaddedSquare(square).Start, rows.Stride, result.Start);
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < factors; j++)
            {
                double expected = 0;
                for (int k = 0; k < factors; k++) expected += (double)rows.Row(i)[k] * square.Row(k)[j];
                Assert.Equal(expected, result.Row(i)[j], 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndFactors))]
    public void The_gramian_of_many_rows(int width, int factors)
    {
        FactorMatrix rows = Random(1234, factors, 3);
        FactorMatrix gramian = Gramian.Of(rows, 0.5f, Widths[width], threads: 2, CancellationToken.None);
        for (int i = 0; i < factors; i++)
        {
            for (int j = 0; j < factors; j++)
            {
                double expected = 0;
                for (int k = 0; k < rows.Rows; k++) expected += 0.5 * rows.Row(k)[i] * rows.Row(k)[j];
                Assert.Equal(expected, gramian.Row(i)[j], 1e-2);
            }
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndFactors))]
    public void Rows_times_a_square_in_strips_give_the_same_bytes_as_times_the_square(int width, int factors)
    {
        FactorMatrix rows = Random(12, factors, 1), square = PaddedSquare(Random(factors, factors, 2)), expected = new(12, factors), result = new(12, factors);
        Widths[width].MultiplyBlock(rows.Start, 12, square.Start, rows.Stride, expected.Start);
        FactorMatrix strips = Gramian.Strips(square);
        for (int from = 0; from < rows.Stride; from += FactorMatrix.StrideStep)
            Widths[width].MultiplyStrips(rows.Start, 12, strips.Start, rows.Stride, from, from + FactorMatrix.StrideStep, result.Start);
        Assert.Equal(expected.Padded.ToArray(), result.Padded.ToArray());
    }

    [Theory]
    [MemberData(nameof(WidthsAndFactors))]
    public void Gathered_rows_are_projected_with_and_without_weights(int width, int factors)
    {
        FactorMatrix rows = Random(50, factors, 4), x = Random(1, factors, 5), panel = new(128, factors), targets = new(1, 128), scores = new(1, 128);
        int[] listed = [.. Enumerable.Range(0, 101).Select(k => k * 17 % 50)];
        float[] weights = [.. listed.Select(k => 0.25f + k % 7)];
        foreach (int count in (int[])[1, 3, 4, 7, 101])
        {
            foreach (bool weighted in (bool[])[false, true])
            {
                FactorMatrix sum = Random(1, factors, 6);
                double[] expected = Array.ConvertAll(sum.Row(0).ToArray(), value => -(double)value);
                for (int j = 0; j < factors; j++) expected[j] -= 0.5 * x.Row(0)[j];
                for (int k = 0; k < count; k++)
                {
                    double c = weighted ? weights[k] : 1, dot = HalfStepTests.Dot(rows.Row(listed[k]), x.Row(0));
                    for (int j = 0; j < factors; j++) expected[j] += c * (1 - dot) * rows.Row(listed[k])[j];
                }
                float product;
                fixed (int* pinned = listed)
                fixed (float* pinnedWeights = weights)
                {
                    Widths[width].Gather(rows.Start, pinned, weighted ? pinnedWeights : null, count, rows.Stride, rows.Stride, panel.Start, targets.Start);
                    product = Widths[width].Project(panel.Start, targets.Start, VectorKernels.PanelLength(count), rows.Stride, -1, -1, -0.5f, x.Start,
                        sum.Start, scores.Start);
                }
                double size = 1e-5 * expected.Max(Math.Abs) * (1 + count);
                for (int j = 0; j < factors; j++) Assert.Equal(expected[j], sum.Row(0)[j], size);
                Assert.Equal(HalfStepTests.Dot(x.Row(0), sum.Row(0)), product, 10 * size);
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_triangle_solves_its_system_for_every_size(int width)
    {
        foreach (int size in (int[])[1, 2, 7, 8, 9, 31, 32, 33, 64, 100])
        {
            FactorMatrix rows = Random(2 * size, size, size);
            FactorMatrix system = Gramian.Of(rows, 1, Widths[width], threads: 1, CancellationToken.None);
            FactorMatrix triangle = Gramian.Of(rows, 1, Widths[width], threads: 1, CancellationToken.None), x = new(1, size);
            double[] expected = [.. Enumerable.Range(0, size).Select(k => Math.Sin(k))];
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++) x.MutableRow(0)[i] += system.Row(i)[j] * (float)expected[j];
            }
            Assert.True(Widths[width].FactorTriangle(triangle.Start, size, triangle.Stride));
            Widths[width].SolveTriangle(triangle.Start, size, triangle.Stride, x.Start);
            for (int j = 0; j < size; j++) Assert.Equal(expected[j], x.Row(0)[j], 2e-2);
            system.MutableRow(size - 1)[size - 1] = float.NaN;
            Assert.False(Widths[width].FactorTriangle(system.Start, size, system.Stride));
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndFactors))]
    public void A_rows_score_does_not_depend_on_its_place(int width, int factors)
    {
        FactorMatrix one = Random(1, factors, 7), x = Random(1, factors, 8), four = new(4, factors);
        for (int row = 0; row < 4; row++) one.Row(0).CopyTo(four.MutableRow(row));
        var scores = new float[4];
        fixed (float* pinned = scores) Widths[width].Score(four.Start, 4, four.Stride, x.Start, pinned);
        double expected = 0;
        for (int j = 0; j < factors; j++) expected += (double)one.Row(0)[j] * x.Row(0)[j];
        Assert.Single(scores.Distinct());
        Assert.Equal(expected, scores[0], 1e-4);
    }

    [Fact]
    public void Factor_rows_start_on_cache_lines()
    {
        foreach (int factors in (int[])[1, 33, 64])
        {
            var matrix = new FactorMatrix(3, factors);
            Assert.Equal(0, (long)matrix.Start % 64);
            Assert.Equal(0, matrix.Stride % FactorMatrix.StrideStep);
        }
    }

    internal static FactorMatrix Random(int rows, int factors, int seed)
    {
        var random = new Random(seed);
        var matrix = new FactorMatrix(rows, factors);
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float value in matrix.MutableRow(row)) value = (float)(random.NextDouble() * 2 - 1);
        }
        return matrix;
    }

    private static FactorMatrix PaddedSquare(FactorMatrix square)
    {
        var padded = new FactorMatrix(square.Stride, square.Factors);
        for (int row = 0; row < square.Rows; row++) square.Row(row).CopyTo(padded.MutableRow(row));
        return padded;
    }
}
