using Recommender.Interactions;
using Recommender.Similarity;
using Recommender.Tests.Models;

namespace Recommender.Tests.Similarity;

public sealed class RandomWalkTests
{
    private static readonly RandomWalkOptions _options = new() { Neighbours = 1000 };

    [Fact]
    public void Neighbours_are_of_the_same_kind()
    {
        ItemNeighbours neighbours = RandomWalk.Fit(SmallShop.Kinds(2, 30, 8).Matrix, _options, threads: 2, fitted: null, CancellationToken.None);
        for (int item = 0; item < 16; item++)
            Assert.Equal(Enumerable.Range(0, 8).Select(k => item / 8 * 8 + k).Where(other => other != item), neighbours.Of(item).ToArray().Order());
    }

    [Fact]
    public void A_similarity_is_the_walks_probability_over_popularity()
    {
        InteractionMatrix interactions = SmallShop.Random(1).Matrix;
        ItemNeighbours neighbours = RandomWalk.Fit(interactions, _options, threads: 1, fitted: null, CancellationToken.None);
        int n = interactions.ColumnCount;
        var cells = new double[interactions.RowCount, n];
        for (int u = 0; u < interactions.RowCount; u++)
        {
            for (int k = 0; k < interactions.Row(u).Length; k++) cells[u, interactions.Row(u).Columns[k]] = interactions.Row(u).Confidence(k);
        }
        double OfItem(int i) => Enumerable.Range(0, interactions.RowCount).Sum(u => cells[u, i]);
        double OfCustomer(int u) => Enumerable.Range(0, n).Sum(i => cells[u, i]);
        for (int i = 0; i < n; i += 7)
        {
            for (int j = 0; j < n; j++)
            {
                double expected = Enumerable.Range(0, interactions.RowCount).Where(u => cells[u, i] > 0 && cells[u, j] > 0)
                    .Sum(u => Math.Pow(cells[u, i] / OfItem(i) * cells[u, j] / OfCustomer(u), _options.Alpha)) / Math.Pow(OfItem(j), _options.Beta);
                int at = neighbours.Of(i).IndexOf(j);
                if (i == j || expected is 0 or double.NaN) Assert.Equal(-1, at);
                else Assert.Equal(expected, neighbours.SimilaritiesOf(i)[at], 1e-5);
            }
        }
    }

    [Fact]
    public void Only_the_nearest_are_kept_nearest_first_and_equals_by_number()
    {
        InteractionMatrix interactions = SmallShop.Random(2).Matrix;
        ItemNeighbours all = RandomWalk.Fit(interactions, _options, 1, fitted: null, CancellationToken.None);
        ItemNeighbours few = RandomWalk.Fit(interactions, _options with { Neighbours = 3 }, 1, fitted: null, CancellationToken.None);
        for (int item = 0; item < interactions.ColumnCount; item++)
        {
            Assert.Equal(all.Of(item)[..Math.Min(3, all.Of(item).Length)], few.Of(item));
            float[] similarities = all.SimilaritiesOf(item).ToArray();
            Assert.Equal(similarities.OrderDescending(), similarities);
        }
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_number_of_threads()
    {
        InteractionMatrix interactions = SmallShop.Random(3, customers: 300, items: 200).Matrix;
        ItemNeighbours one = RandomWalk.Fit(interactions, _options, 1, fitted: null, CancellationToken.None),
            four = RandomWalk.Fit(interactions, _options, 4, fitted: null, CancellationToken.None);
        Assert.True(one.Items.SequenceEqual(four.Items) && one.Similarities.SequenceEqual(four.Similarities) && one.Starts.SequenceEqual(four.Starts));
    }

    [Fact]
    public void Customers_with_more_items_than_the_limit_link_nothing()
    {
        InteractionMatrix interactions = InteractionMatrix.FromPairs(2, 6, [(0, 0), (0, 1), (1, 2), (1, 3), (1, 4)]);
        ItemNeighbours neighbours = RandomWalk.Fit(interactions, _options with { LongestHistory = 2 }, 1, fitted: null, CancellationToken.None);
        Assert.Equal([1], neighbours.Of(0).ToArray());
        Assert.Equal(0, neighbours.Of(2).Length);
    }
}
