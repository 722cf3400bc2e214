using Recommender.Scoring;
using Recommender.Similarity;

namespace Recommender.Tests.Scoring;

public sealed class SparseScoresTests
{
    private const int Items = 5003;
    private static readonly ItemNeighbours _neighbours = Random();
    private readonly SparseScores _scores = new(Items);

    // Few neighbours are looked at one by one, of many all items count as touched.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(60)]
    public void Neighbours_are_added_up_and_what_is_taken_is_a_multiple(int length)
    {
        var added = new AddedScores(new FixedScores(new float[Items]));
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            int[] history = [.. Enumerable.Range(0, length).Select(_ => random.Next(Items))];
            float[] confidences = [.. history.Select(_ => (float)random.NextDouble())];
            double[] expected = Sums(history, confidences);
            _scores.AddNeighbours(_neighbours, history, confidences);
            for (int item = 0; item < Items; item++) Assert.Equal(expected[item], _scores.Values[item], 1e-5);
            Assert.Equal(_scores.Values.ToArray().Max(), _scores.Greatest());
            Assert.Equal(_scores.Touched.ToArray().Distinct(), _scores.Touched.ToArray());
            for (int item = 0; item < Items; item++) Assert.True(expected[item] == 0 || _scores.Touched.Contains(item / SparseScores.Line));

            added.Start(1);
            added.Add(17, 0.25f);
            added.Take(_scores, 3);
            expected[17] += 0.25 / 3;
            for (int item = 0; item < Items; item++)
            {
                Assert.Equal(3 * expected[item], added[item], 1e-5);
                Assert.True(added[item] <= added.Greatest[item / AddedScores.Block]);
                Assert.True(expected[item] == 0 || added.Touched.Contains(item / AddedScores.Block));
            }
            Assert.Equal(added.Touched.ToArray().Distinct(), added.Touched.ToArray());
            Assert.All(_scores.Values.ToArray(), value => Assert.Equal(0, value));
            Assert.Equal(0, _scores.Touched.Length);
        }
    }

    [Fact]
    public void What_is_cleared_is_gone()
    {
        foreach (int[] history in (int[][])[[4], [.. Enumerable.Range(0, 60)], [4]])
        {
            _scores.AddNeighbours(_neighbours, history, new float[history.Length].Select(_ => 1f).ToArray());
            _scores.Add(Items - 1, 1);
            Assert.Equal(_scores.Touched.ToArray().Distinct(), _scores.Touched.ToArray());
            Assert.Contains(_scores.Values.ToArray(), value => value != 0);
            _scores.Clear();
            Assert.All(_scores.Values.ToArray(), value => Assert.Equal(0, value));
            Assert.Equal(0, _scores.Touched.Length);
        }
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(float.NaN)]
    public void The_greatest_of_what_is_too_great_is_no_number(float value)
    {
        for (int item = 0; item < 40; item++) _scores.Add(item, 1);
        _scores.Add(21, value);
        _scores.Add(21, value);
        Assert.True(float.IsNaN(_scores.Greatest()));
    }

    private static double[] Sums(int[] history, float[] confidences)
    {
        var sums = new double[Items];
        for (int k = 0; k < history.Length; k++)
        {
            ReadOnlySpan<int> near = _neighbours.Of(history[k]);
            for (int j = 0; j < near.Length; j++) sums[near[j]] += (double)confidences[k] * _neighbours.SimilaritiesOf(history[k])[j];
        }
        return sums;
    }

    private static ItemNeighbours Random()
    {
        var random = new Random(1);
        return ItemNeighbours.OfRows([.. Enumerable.Range(0, Items).Select(_ => Enumerable.Range(0, random.Next(120))
            .Select(_ => new ScoredItem(random.Next(Items), (float)(1.2 * random.NextDouble() - 0.2))).DistinctBy(one => one.Item).ToArray())]);
    }
}
