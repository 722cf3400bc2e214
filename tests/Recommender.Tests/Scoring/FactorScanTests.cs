using Recommender.Factorization;
using Recommender.Scoring;
using Recommender.Tests.Factorization;

namespace Recommender.Tests.Scoring;

/// <summary>The best of a scan are those of scoring everything and sorting: higher first, equal scores by item number.</summary>
public sealed class FactorScanTests
{
    private enum Catalogue { Random, AllEqual, Zeros, Denormals, Huge, FewValues, OneSpike }

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (int width in VectorKernelsTests.Widths.Keys)
            {
                foreach (string catalogue in Enum.GetNames<Catalogue>()) data.Add(width, catalogue);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_best_items_are_those_of_score_all_and_sort(int width, string catalogue)
    {
        var random = new Random(width);
        for (int round = 0; round < 30; round++)
        {
            int count = round == 0 ? 1 : random.Next(1, 700), factors = random.Next(1, 70);
            FactorMatrix items = Items(Enum.Parse<Catalogue>(catalogue), count, factors, random);
            FactorMatrix vector = VectorKernelsTests.Random(1, factors, round);
            var added = new AddedScores([.. Enumerable.Range(0, count).Select(_ => random.Next(-3, 3) / 10f)]);
            added.Start(round % 3 / 2f);
            for (int item = 0; item < count && round % 2 == 0; item += random.Next(1, 200)) added.Add(item, random.Next(-3, 3) / 10f);
            double open = ((double[])[1, 0.5, 0.03, 0])[round % 4];
            ItemMask eligible = new(count), excluded = new(count);
            for (int item = 0; item < count; item++)
            {
                eligible[item] = random.NextDouble() < open;
                excluded[item] = random.Next(10) == 0;
            }
            var scan = new FactorScan(items, VectorKernelsTests.Widths[width]);
            var top = new ScoredItem[random.Next(1, 2 * count + 2)];
            int found = scan.Best(vector, added, eligible, excluded, top);
            IEnumerable<ScoredItem> expected = Enumerable.Range(0, count).Where(item => eligible[item] && !excluded[item])
                .Select(item => new ScoredItem(item, NumberOf(scan.Score(vector, added, item))))
                .OrderByDescending(scored => scored.Score).ThenBy(scored => scored.Item).Take(top.Length);
            Assert.Equal(expected, top[..found]);
        }
    }

    [Fact]
    public void A_score_is_the_product_of_the_vectors_and_what_is_added()
    {
        FactorMatrix items = VectorKernelsTests.Random(100, 40, 1), vector = VectorKernelsTests.Random(1, 40, 2);
        var added = new AddedScores([.. Enumerable.Range(0, 100).Select(item => item / 200f)]);
        added.Start(1);
        for (int item = 0; item < 100; item++) added.Add(item, item / 200f);
        for (int item = 0; item < 100; item++)
            Assert.Equal(HalfStepTests.Dot(items.Row(item), vector.Row(0)) + item / 100.0, new FactorScan(items, VectorKernels.Best).Score(vector, added, item), 1e-5);
    }

    [Fact]
    public void Nothing_asked_or_nothing_eligible_finds_nothing()
    {
        FactorMatrix items = VectorKernelsTests.Random(100, 8, 1), vector = VectorKernelsTests.Random(1, 8, 2);
        var scan = new FactorScan(items, VectorKernels.Best);
        ItemMask all = new(100), none = new(100);
        all.SetAll();
        Assert.Equal(0, scan.Best(vector, null, all, none, []));
        Assert.Equal(0, scan.Best(vector, null, none, none, new ScoredItem[5]));
        Assert.Equal(0, scan.Best(vector, null, all, all, new ScoredItem[5]));
    }

    private static float NumberOf(float score) => float.IsNaN(score) ? float.NegativeInfinity : score;

    private static FactorMatrix Items(Catalogue catalogue, int count, int factors, Random random)
    {
        FactorMatrix items = VectorKernelsTests.Random(count, factors, random.Next());
        int spike = random.Next(count);
        for (int item = 0; item < count; item++)
        {
            Span<float> row = items.MutableRow(item);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = catalogue switch
                {
                    Catalogue.AllEqual => 0.3f,
                    Catalogue.Zeros => 0,
                    Catalogue.Denormals => row[j] * 1e-42f,
                    Catalogue.Huge => row[j] * 3e38f,
                    Catalogue.FewValues => MathF.Round(row[0]),
                    Catalogue.OneSpike => item == spike ? 10 : -10,
                    _ => row[j],
                };
            }
        }
        return items;
    }
}
