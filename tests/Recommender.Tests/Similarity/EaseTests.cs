using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Similarity;
using Recommender.Tests.Factorization;
using Recommender.Tests.Models;

namespace Recommender.Tests.Similarity;

public sealed class EaseTests
{
    private static readonly EaseOptions _options = new() { Regularisation = 3, Neighbours = 10_000 };

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.5, 0.4)]
    public void The_weights_are_those_of_the_schoolbook_inverse(double activity, double popularity)
    {
        InteractionMatrix interactions = SmallShop.Random(21, customers: 90, items: 40).Matrix;
        ItemNeighbours neighbours = Ease.Fit(interactions, _options with { Activity = activity, Popularity = popularity }, 2, fitted: null, CancellationToken.None);
        double[,] expected = Schoolbook(interactions, 3, activity, popularity);
        for (int from = 0; from < 40; from++)
        {
            for (int to = 0; to < 40; to++)
            {
                int at = neighbours.Of(from).IndexOf(to);
                Assert.Equal(from == to ? 0 : expected[from, to], at < 0 ? 0 : neighbours.SimilaritiesOf(from)[at], 1e-5);
            }
        }
    }

    [Fact]
    public void A_ridge_lost_in_rounding_is_said_with_what_to_do()
    {
        // Three items that everybody has alike, by squares of confidences beside which 0.1 is nothing.
        TrainingSet set = SmallShop.Set(4, new InteractionMatrix(3, [0, 3, 6, 9, 12], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], [.. Enumerable.Repeat(16384f, 12)]));
        foreach (SimilarityOptions part in (SimilarityOptions[])[new EaseOptions { Regularisation = 0.1 }, new SparseEaseOptions { Regularisation = 0.1, Activity = 0 }])
        {
            string said = Assert.Throws<TrainingException>(() => part.Fit(set.Matrix, 2, fitted: null, CancellationToken.None)).Message;
            Assert.Contains($"\"{part.Kind}\" of 'similarities' cannot be solved with a 'regularisation' of 0.1", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.5, 0.4)]
    public void The_sparse_approximation_with_all_items_as_neighbours_is_the_same(double activity, double popularity)
    {
        InteractionMatrix interactions = SmallShop.Random(22, customers: 200, items: 70, density: 0.3).Matrix;
        ItemNeighbours whole = Ease.Fit(interactions, _options with { Activity = activity, Popularity = popularity }, 2, fitted: null, CancellationToken.None);
        ItemNeighbours sparse = SparseEase.Fit(interactions,
            new SparseEaseOptions { Regularisation = 3, Neighbours = 10_000, Activity = activity, Popularity = popularity }, 2, fitted: null, CancellationToken.None);
        for (int item = 0; item < 70; item++)
        {
            for (int k = 0; k < whole.Of(item).Length; k++)
            {
                int at = sparse.Of(item).IndexOf(whole.Of(item)[k]);
                Assert.Equal(whole.SimilaritiesOf(item)[k], at < 0 ? 0 : sparse.SimilaritiesOf(item)[at], 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(130)]
    [InlineData(1100)]
    public void A_large_inverse_times_its_matrix_is_the_identity(int size)
    {
        // Diagonally dominant, with every cell set.
        var matrix = new FactorMatrix(size, size);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) matrix.MutableRow(i)[j] = i == j ? 2 : (float)Math.Sin((i + 1) * (j + 1)) / size;
        }
        var before = new float[size][];
        for (int i = 0; i < size; i++) before[i] = matrix.Row(i).ToArray();
        int swept = 0;
        SymmetricInverse.Invert(matrix, threads: 2, count => swept += count, CancellationToken.None);
        Assert.Equal(size, swept);
        for (int i = 0; i < size; i += 37)
        {
            for (int j = 0; j < size; j += 11)
                Assert.Equal(i == j ? 1 : 0, System.Numerics.Tensors.TensorPrimitives.Dot<float>(matrix.Row(i), before[j]), 1e-5);
        }
    }

    [Fact]
    public void Only_the_strongest_of_each_item_are_kept_whatever_their_sign()
    {
        InteractionMatrix interactions = SmallShop.Random(23, customers: 90, items: 40).Matrix;
        ItemNeighbours all = Ease.Fit(interactions, _options, 1, fitted: null, CancellationToken.None);
        ItemNeighbours few = Ease.Fit(interactions, _options with { Neighbours = 5 }, 1, fitted: null, CancellationToken.None);
        Assert.Contains(few.Similarities.ToArray(), similarity => similarity < 0);
        for (int to = 0; to < 39; to++)
        {
            float[] To(ItemNeighbours neighbours) => [.. Enumerable.Range(0, 40)
                .Select(from => neighbours.Of(from).IndexOf(to) is >= 0 and int at ? neighbours.SimilaritiesOf(from)[at] : 0).Where(weight => weight != 0)];
            Assert.Equal(To(all).OrderByDescending(Math.Abs).Take(5).Order(), To(few).Order());
        }
    }

    [Fact]
    public void A_catalogue_that_is_too_large_is_refused_before_anything_is_done_and_told_what_to_take()
    {
        Recipe recipe = SmallShop.Recipe() with { Similarities = [new EaseOptions { LargestCatalogue = 44 }] };
        string message = Assert.Throws<TrainingTooLargeException>(() => SmallShop.Train(SmallShop.Random(1), recipe)).Message;
        Assert.Contains("\"sparse_ease\"", message, StringComparison.Ordinal);
        Assert.Contains("45 take 0.0 GiB", message, StringComparison.Ordinal);
        SmallShop.Train(SmallShop.Random(1), recipe with { Similarities = [new EaseOptions { LargestCatalogue = 45 }] });
    }

    // B_ij = -P_ij / P_jj with P = (X'WX + ridge I)^-1, its columns held back by popularity.
    private static double[,] Schoolbook(InteractionMatrix interactions, double ridge, double activity, double popularity)
    {
        int n = interactions.ColumnCount;
        var gram = new double[n, n];
        var totals = new double[n];
        double rows = 0;
        for (int u = 0; u < interactions.RowCount; u++) rows += interactions.Row(u).Length > 0 ? 1 : 0;
        for (int u = 0; u < interactions.RowCount; u++)
        {
            InteractionRow row = interactions.Row(u);
            double weight = row.Length == 0 ? 0 : Math.Pow(row.Length / (interactions.Count / rows), -activity);
            for (int a = 0; a < row.Length; a++)
            {
                totals[row.Columns[a]] += row.Confidence(a);
                for (int b = 0; b < row.Length; b++) gram[row.Columns[a], row.Columns[b]] += weight * row.Confidence(a) * row.Confidence(b);
            }
        }
        double mean = totals.Sum() / totals.Count(total => total > 0);
        for (int i = 0; i < n; i++) gram[i, i] += ridge;
        var weights = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            var system = new double[n, n + 1];
            for (int i = 0; i < n; i++)
            {
                for (int k = 0; k < n; k++) system[i, k] = gram[i, k];
            }
            system[j, n] = 1;
            double[] column = DenseSolve.Eliminate(system);
            for (int i = 0; i < n; i++) weights[i, j] = -column[i] / column[j] * (totals[j] > 0 ? Math.Pow(totals[j] / mean, -popularity) : 1);
        }
        return weights;
    }
}
