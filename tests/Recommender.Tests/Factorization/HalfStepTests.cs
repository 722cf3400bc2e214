using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Tests.Models;

namespace Recommender.Tests.Factorization;

public sealed class HalfStepTests
{
    private static readonly FactorizationOptions _exact = new()
    {
        Factors = 20,
        UnobservedWeight = 0.1,
        Regularisation = 0.01,
        ConjugateGradientSteps = 60,
    };

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void After_a_half_step_the_normal_equations_hold_for_every_row(int width)
    {
        InteractionMatrix interactions = SmallShop.Random(1).Matrix;
        FactorMatrix items = VectorKernelsTests.Random(interactions.ColumnCount, _exact.Factors, 1);
        FactorMatrix customers = VectorKernelsTests.Random(interactions.RowCount, _exact.Factors, 2);
        int solved = 0;
        new HalfStep(_exact, VectorKernelsTests.Widths[width], threads: 2)
            .SolveRows(interactions, solving: customers, against: items, rows => Interlocked.Add(ref solved, rows), CancellationToken.None);
        Assert.Equal(interactions.RowCount, solved);
        for (int row = 0; row < interactions.RowCount; row++)
        {
            double[] expected = DenseSolve.Row(items, interactions.Row(row), _exact);
            for (int j = 0; j < _exact.Factors; j++) Assert.Equal(expected[j], customers.Row(row)[j], 1e-4);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_subspace_of_all_factors_solves_every_row_exactly_in_one_half_step(int width)
    {
        FactorizationOptions options = _exact with { Factors = 70, Solver = FactorSolver.Subspace, SubspaceBlock = 70 };
        Assert.InRange(WorstError(options, width, halfSteps: 1), 0, 1e-4);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Small_subspaces_converge_to_the_same_solution(int width)
    {
        FactorizationOptions options = _exact with { Factors = 70, Solver = FactorSolver.Subspace, SubspaceBlock = 32, Regularisation = 0.3 };
        Assert.InRange(WorstError(options, width, halfSteps: 1), 1e-3, 10);
        Assert.InRange(WorstError(options, width, halfSteps: 200), 0, 1e-4);
    }

    [Theory]
    [InlineData(FactorSolver.ConjugateGradient)]
    [InlineData(FactorSolver.Subspace)]
    public void Rows_with_more_interactions_than_are_copied_at_a_time_are_solved_too(FactorSolver solver)
    {
        // One customer with everything, beyond what either solver gathers at once, and one with little.
        const int Items = 9_000;
        InteractionMatrix interactions = InteractionMatrix.FromPairs(2, Items, Enumerable.Range(0, Items).Select(item => (0, item)).Append((1, 5)));
        FactorizationOptions options = _exact with { Factors = 96, Solver = solver, SubspaceBlock = 96, ConjugateGradientSteps = 100 };
        FactorMatrix items = VectorKernelsTests.Random(Items, 96, 1), customers = new(2, 96);
        new HalfStep(options, VectorKernels.Best, threads: 1).SolveRows(interactions, customers, items, solved: null, CancellationToken.None);
        for (int row = 0; row < 2; row++)
        {
            double[] expected = DenseSolve.Row(items, interactions.Row(row), options);
            for (int j = 0; j < 96; j++) Assert.Equal(expected[j], customers.Row(row)[j], 1e-4);
        }
    }

    private static double WorstError(FactorizationOptions options, int width, int halfSteps)
    {
        InteractionMatrix interactions = SmallShop.Random(1).Matrix;
        FactorMatrix items = VectorKernelsTests.Random(interactions.ColumnCount, options.Factors, 1);
        FactorMatrix customers = VectorKernelsTests.Random(interactions.RowCount, options.Factors, 2);
        var halfStep = new HalfStep(options, VectorKernelsTests.Widths[width], threads: 2);
        for (int k = 0; k < halfSteps; k++) halfStep.SolveRows(interactions, customers, items, solved: null, CancellationToken.None);
        double worst = 0;
        for (int row = 0; row < interactions.RowCount; row++)
        {
            double[] expected = DenseSolve.Row(items, interactions.Row(row), options);
            for (int j = 0; j < options.Factors; j++) worst = Math.Max(worst, Math.Abs(expected[j] - customers.Row(row)[j]));
        }
        return worst;
    }

    [Fact]
    public void Without_confidences_every_interaction_counts_one()
    {
        InteractionMatrix weighted = SmallShop.Random(1).Matrix;
        var ones = new InteractionMatrix(weighted.ColumnCount, weighted.RowStarts.ToArray(), weighted.Columns.ToArray(),
            [.. weighted.Columns.ToArray().Select(_ => 1f)]);
        var binary = new InteractionMatrix(weighted.ColumnCount, weighted.RowStarts.ToArray(), weighted.Columns.ToArray(), confidences: null);
        FactorMatrix items = VectorKernelsTests.Random(binary.ColumnCount, _exact.Factors, 1);
        Assert.Equal(Solve(ones, items).Padded.ToArray(), Solve(binary, items).Padded.ToArray());

        static FactorMatrix Solve(InteractionMatrix interactions, FactorMatrix items)
        {
            var customers = new FactorMatrix(interactions.RowCount, _exact.Factors);
            new HalfStep(_exact, VectorKernels.Best, threads: 1)
                .SolveRows(interactions, solving: customers, against: items, solved: null, CancellationToken.None);
            return customers;
        }
    }

    [Fact]
    public void Every_sweep_lowers_the_objective()
    {
        InteractionMatrix interactions = SmallShop.Random(2).Matrix;
        double before = double.MaxValue;
        for (int sweeps = 1; sweeps <= 6; sweeps++)
        {
            var options = _exact with { Sweeps = sweeps, ConjugateGradientSteps = 3, Factors = 6 };
            (FactorMatrix customers, FactorMatrix items) = ImplicitAls.Fit(interactions, options, 1, 1, VectorKernels.Best, CancellationToken.None);
            double objective = Objective(interactions, customers, items, options);
            Assert.True(objective < before, $"{objective} after {sweeps} sweeps, {before} before");
            before = objective;
        }
    }

    [Theory]
    [InlineData(128, FactorSolver.ConjugateGradient)]
    [InlineData(256, FactorSolver.ConjugateGradient)]
    [InlineData(512, FactorSolver.ConjugateGradient)]
    [InlineData(128, FactorSolver.Subspace)]
    [InlineData(256, FactorSolver.Subspace)]
    [InlineData(512, FactorSolver.Subspace)]
    public void The_bytes_do_not_depend_on_the_number_of_threads(int width, FactorSolver solver)
    {
        InteractionMatrix interactions = SmallShop.Random(3, customers: 700, items: 150).Matrix;
        var options = new FactorizationOptions { Factors = 40, Sweeps = 3, Solver = solver, SubspaceBlock = 32 };
        (FactorMatrix customers, FactorMatrix items) = Fit(7, 1);
        foreach (int threads in (int[])[2, 3, 8])
        {
            (FactorMatrix c, FactorMatrix i) = Fit(7, threads);
            Assert.True(customers.Padded.SequenceEqual(c.Padded) && items.Padded.SequenceEqual(i.Padded));
        }
        Assert.False(customers.Padded.SequenceEqual(Fit(8, 1).Customers.Padded));

        (FactorMatrix Customers, FactorMatrix Items) Fit(ulong seed, int threads) =>
            ImplicitAls.Fit(interactions, options, seed, threads, VectorKernelsTests.Widths[width], CancellationToken.None);
    }

    private static double Objective(InteractionMatrix interactions, FactorMatrix customers, FactorMatrix items, FactorizationOptions options)
    {
        InteractionMatrix transposed = interactions.Transpose();
        double sum = 0;
        for (int u = 0; u < customers.Rows; u++)
        {
            InteractionRow row = interactions.Row(u);
            for (int i = 0; i < items.Rows; i++)
            {
                double score = Dot(customers.Row(u), items.Row(i));
                sum += options.UnobservedWeight * score * score;
                int at = row.Columns.BinarySearch(i);
                if (at >= 0) sum += row.Confidence(at) * (1 - score) * (1 - score);
            }
            sum += options.Ridge(row.Total, items.Rows) * Dot(customers.Row(u), customers.Row(u));
        }
        for (int i = 0; i < items.Rows; i++) sum += options.Ridge(transposed.Row(i).Total, customers.Rows) * Dot(items.Row(i), items.Row(i));
        return sum;
    }

    internal static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++) sum += (double)a[j] * b[j];
        return sum;
    }
}
