using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Tests.Factorization;

public sealed class FoldInTests
{
    private const int Items = 300;

    [Theory]
    [InlineData(128, 1, 20)]
    [InlineData(128, 40, 20)]
    [InlineData(256, 5, 33)]
    [InlineData(256, 200, 33)]
    [InlineData(512, 1, 64)]
    [InlineData(512, 19, 64)]
    [InlineData(512, 64, 64)]
    [InlineData(512, 65, 64)]
    [InlineData(512, 250, 64)]
    public void The_vector_solves_the_normal_equations_and_the_terms_add_up_to_every_score(int width, int length, int factors)
    {
        (FactorMatrix items, float[] spectrum, FactorizationOptions options) = Rotated(factors);
        var foldIn = new FoldIn(items, spectrum, options, VectorKernelsTests.Widths[width]);
        (int[] history, float[] confidences) = History(length, seed: length);
        foldIn.Solve(history, confidences);

        double[] expected = DenseSolve.Row(items, new InteractionRow(history, confidences), options);
        for (int j = 0; j < factors; j++) Assert.Equal(expected[j], foldIn.Vector.Row(0)[j], 2e-4);
        var terms = new float[length];
        foreach (int item in (int[])[0, history[0], 111, Items - 1])
        {
            foldIn.Terms(item, terms);
            Assert.Equal(HalfStepTests.Dot(foldIn.Vector.Row(0), items.Row(item)), terms.Sum(term => (double)term), 2e-4);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Nothing_that_came_of_a_confidence_too_small_for_floats_is_left_for_the_next_history(int width)
    {
        (FactorMatrix items, float[] spectrum, FactorizationOptions options) = Rotated(20);
        var used = new FoldIn(items, spectrum, options, VectorKernelsTests.Widths[width]);
        var fresh = new FoldIn(items, spectrum, options, VectorKernelsTests.Widths[width]);
        used.Solve([1, 2, 3, 4, 5], [1e-42f, 1, 1e-42f, 1, 1e-42f]);
        used.Solve([7], [1]);
        fresh.Solve([7], [1]);
        Assert.Equal(fresh.Vector.Row(0).ToArray(), used.Vector.Row(0).ToArray());
        Assert.All(used.Vector.Row(0).ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(90)]
    public void A_term_is_what_the_item_of_the_history_contributes(int length)
    {
        // h_i' A^-1 c_j h_j, with A of the whole history: by linearity, the score under a right-hand side of item j alone.
        (FactorMatrix items, float[] spectrum, FactorizationOptions options) = Rotated(32);
        var foldIn = new FoldIn(items, spectrum, options, VectorKernels.Best);
        (int[] history, float[] confidences) = History(length, seed: 3);
        foldIn.Solve(history, confidences);
        var terms = new float[length];
        foldIn.Terms(42, terms);
        double[] solved = SolveSystem(items, history, confidences, options, items.Row(42));
        for (int j = 0; j < length; j++)
        {
            double expected = 0;
            for (int k = 0; k < 32; k++) expected += confidences[j] * items.Row(history[j])[k] * solved[k];
            Assert.Equal(expected, terms[j], 1e-4);
        }
    }

    [Theory]
    [InlineData(128, 5)]
    [InlineData(256, 40)]
    [InlineData(512, 32)]
    [InlineData(512, 120)]
    public void The_terms_of_several_items_are_those_of_each(int width, int length)
    {
        (FactorMatrix items, float[] spectrum, FactorizationOptions options) = Rotated(32);
        var foldIn = new FoldIn(items, spectrum, options, VectorKernelsTests.Widths[width]);
        (int[] history, float[] confidences) = History(length, seed: 4);
        foldIn.Solve(history, confidences);
        foreach (int count in (int[])[1, 10, 16])
        {
            var targets = new FactorMatrix(count, 32);
            for (int k = 0; k < count; k++) items.Row(7 * k).CopyTo(targets.MutableRow(k));
            float[] together = new float[count * length], alone = new float[length];
            foldIn.Terms(targets, count, together);
            for (int k = 0; k < count; k++)
            {
                foldIn.Terms(7 * k, alone);
                Assert.Equal(alone, together[(k * length)..((k + 1) * length)]);
                Assert.Equal(HalfStepTests.Dot(foldIn.Vector.Row(0), items.Row(7 * k)), alone.Sum(term => (double)term), 2e-4);
            }
        }
    }

    [Fact]
    public void Nothing_known_folds_in_to_the_zero_vector_even_after_somebody_else()
    {
        (FactorMatrix items, float[] spectrum, FactorizationOptions options) = Rotated(16);
        var foldIn = new FoldIn(items, spectrum, options, VectorKernels.Best);
        foldIn.Solve([1, 2], [1, 1]);
        foldIn.Solve([], []);
        Assert.All(foldIn.Vector.Row(0).ToArray(), factor => Assert.Equal(0, factor));
    }

    [Fact]
    public void A_fold_in_allocates_nothing()
    {
        (FactorMatrix items, float[] spectrum, FactorizationOptions options) = Rotated(32);
        var foldIn = new FoldIn(items, spectrum, options, VectorKernels.Best);
        var terms = new float[50];
        (int[] history, float[] confidences) = History(50, seed: 1);
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 10; k++) Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foldIn.Solve(history.AsSpan(0, 20), confidences.AsSpan(0, 20));
            foldIn.Terms(7, terms);
            foldIn.Solve(history, confidences);
            foldIn.Terms(7, terms);
        }
    }

    [Theory]
    [InlineData(300, 24)]
    [InlineData(10, 24)]
    public void Rotating_into_the_eigenbasis_keeps_scores_and_makes_the_gramian_diagonal(int count, int factors)
    {
        FactorMatrix items = VectorKernelsTests.Random(count, factors, 1), customers = VectorKernelsTests.Random(31, factors, 2);
        double[] before = Scores(customers, items);
        float[] spectrum = Eigenbasis.RotateInto(items, customers, VectorKernels.Best, threads: 2, CancellationToken.None);
        double[] after = Scores(customers, items);
        for (int k = 0; k < before.Length; k++) Assert.Equal(before[k], after[k], 1e-4);
        FactorMatrix gramian = Gramian.Of(items, 1, VectorKernels.Best, 1, CancellationToken.None);
        for (int i = 0; i < factors; i++)
        {
            for (int j = 0; j < factors; j++) Assert.Equal(i == j ? spectrum[i] : 0, gramian.Row(i)[j], 1e-3);
            if (i > 0) Assert.True(spectrum[i] <= spectrum[i - 1]);
        }
    }

    private static double[] Scores(FactorMatrix customers, FactorMatrix items) =>
    [
        .. Enumerable.Range(0, customers.Rows).SelectMany(u =>
            Enumerable.Range(0, items.Rows).Select(i => HalfStepTests.Dot(customers.Row(u), items.Row(i)))),
    ];

    private static (FactorMatrix, float[], FactorizationOptions) Rotated(int factors)
    {
        var options = new FactorizationOptions { Factors = factors, UnobservedWeight = 0.05, Regularisation = 0.02 };
        FactorMatrix items = VectorKernelsTests.Random(Items, factors, 5);
        float[] spectrum = Eigenbasis.RotateInto(items, new FactorMatrix(0, factors), VectorKernels.Best, 1, CancellationToken.None);
        return (items, spectrum, options);
    }

    private static (int[], float[]) History(int length, int seed)
    {
        var random = new Random(seed);
        int[] history = [.. Enumerable.Range(0, Items).OrderBy(_ => random.Next()).Take(length)];
        return (history, [.. history.Select(_ => (float)(0.05 + 2 * random.NextDouble()))]);
    }

    // A^-1 right, by elimination in double precision.
    private static double[] SolveSystem(FactorMatrix items, int[] history, float[] confidences, FactorizationOptions options,
        ReadOnlySpan<float> right)
    {
        int d = items.Factors;
        var a = new double[d, d];
        void Add(ReadOnlySpan<float> y, double weight)
        {
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++) a[i, j] += weight * y[i] * y[j];
            }
        }
        for (int k = 0; k < items.Rows; k++) Add(items.Row(k), options.UnobservedWeight);
        for (int k = 0; k < history.Length; k++) Add(items.Row(history[k]), confidences[k]);
        double ridge = options.Ridge(confidences.Sum(c => (double)c), items.Rows);
        var x = new double[d];
        for (int i = 0; i < d; i++)
        {
            a[i, i] += ridge;
            x[i] = right[i];
        }
        for (int p = 0; p < d; p++)
        {
            for (int i = 0; i < d; i++)
            {
                if (i == p) continue;
                double factor = a[i, p] / a[p, p];
                for (int j = 0; j < d; j++) a[i, j] -= factor * a[p, j];
                x[i] -= factor * x[p];
            }
        }
        for (int i = 0; i < d; i++) x[i] /= a[i, i];
        return x;
    }
}
