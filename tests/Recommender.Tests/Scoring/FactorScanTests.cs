using Recommender.Factorization;
using Recommender.Scoring;
using Recommender.Tests.Factorization;

namespace Recommender.Tests.Scoring;

/// <summary>The best of a scan are those of scoring everything and sorting: higher first, equal scores by item number.</summary>
public sealed class FactorScanTests
{
    /// <summary>
    /// Every catalogue on every path: the products of codes by name ("none" scores everything), the widths of floats in turn.
    /// </summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string path in (string[])["none", .. CodeKernelsTests.Names])
            {
                foreach (string catalogue in Enum.GetNames<PlantedFactors.Kind>()) data.Add(path, catalogue);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_best_items_are_those_of_score_all_and_sort(string path, string catalogue)
    {
        var random = new Random(7);
        for (int round = 0; round < 40; round++)
        {
            ScanCase drawn = ScanCase.Draw(Enum.Parse<PlantedFactors.Kind>(catalogue), round, random);
            FactorScan scan = Scan(path, drawn.Items, round);
            var top = new ScoredItem[drawn.Wanted];
            int found = scan.Best(drawn.Vector, drawn.Added, drawn.Eligible, drawn.Excluded, top, drawn.Boosts);
            AssertSame(drawn.Expected(scan), top.AsSpan(0, found), drawn);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_best_of_very_many_items_are_those_of_score_all_and_sort(string path, string catalogue)
    {
        var random = new Random(9);
        ScanCase drawn = ScanCase.DrawLarge(Enum.Parse<PlantedFactors.Kind>(catalogue), random);
        FactorScan scan = Scan(path, drawn.Items, 0);
        for (int round = 0; round < 4; round++, drawn = drawn.Other(random))
        {
            var top = new ScoredItem[Math.Min(drawn.Wanted, 50)];
            int found = scan.Best(drawn.Vector, drawn.Added, drawn.Eligible, drawn.Excluded, top, drawn.Boosts);
            AssertSame((drawn with { Wanted = top.Length }).Expected(scan), top.AsSpan(0, found), drawn);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Many_queries_at_once_find_what_each_finds_alone(string path, string catalogue)
    {
        var random = new Random(8);
        for (int round = 0; round < 6; round++)
        {
            ScanCase first = ScanCase.Draw(Enum.Parse<PlantedFactors.Kind>(catalogue), round, random);
            FactorScan scan = Scan(path, first.Items, round);
            // More than pass the blocks together, in one round.
            int others = round == 4 ? 40 : random.Next(9);
            ScanCase[] drawn = [first, .. Enumerable.Range(0, others).Select(_ => first.Other(random))];
            ScanQuery[] queries = Array.ConvertAll(drawn, one => one.Query());
            scan.BestOfEach(queries);
            for (int k = 0; k < drawn.Length; k++) AssertSame(drawn[k].Expected(scan), queries[k].Top.AsSpan(0, queries[k].Found),
                drawn[k]);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("best")]
    public void Others_may_offer_items_before_and_after(string path)
    {
        FactorMatrix items = PlantedFactors.Of(PlantedFactors.Kind.Random, 900, 40, new Random(1)), vector = VectorKernelsTests.Random(1,
            40, 2);
        FactorScan scan = Scan(path == "best" ? CodeKernelsTests.Names[0] : path, items, 0);
        ItemMask all = new(2000), none = new(2000);
        all.SetAll();
        var top = new ScoredItem[10];
        var heap = new TopHeap(top);
        for (int item = 900; item < 920; item++) heap.Offer(item, item % 7 - 3);
        scan.Offer(vector, null, all, none, ref heap);
        heap.Offer(1000, 0.5f);
        Assert.Equal(10, heap.Finish());
        IEnumerable<ScoredItem> expected = Enumerable.Range(0, 900).Select(item => new ScoredItem(item, scan.Score(vector, null, item)))
            .Concat(Enumerable.Range(900, 20).Select(item => new ScoredItem(item, item % 7 - 3))).Append(new ScoredItem(1000, 0.5f))
            .OrderByDescending(scored => scored.Score).ThenBy(scored => scored.Item).Take(10);
        Assert.Equal(expected, top);
    }

    /// <summary>Where a scan begins, blocks of high bounds, there are equals of those that come before them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Of_equal_scores_the_lowest_numbers_win_wherever_the_scan_begins(float boost)
    {
        const int Count = 40 * FactorCodes.Block;
        FactorMatrix items = VectorKernelsTests.Random(Count, 40, 1), nobody = new(1, 40);
        var added = new AddedScores(new FixedScores([.. Enumerable.Repeat(2f, Count)]));
        added.Start(weight: 1);
        int[] winners = [.. Enumerable.Range(20, 18).Select(block => block * FactorCodes.Block + 50)];
        foreach (int item in winners) added.Add(item, 1);
        ItemMask all = new(Count), none = new(Count);
        all.SetAll();
        var top = new ScoredItem[30];
        FactorScan scan = Scan(CodeKernelsTests.Names[0], items, 0);
        Assert.Equal(30, scan.Best(nobody, added, all, none, top, [new Boost(all, boost)]));
        Assert.Equal(winners.Concat(Enumerable.Range(0, 12)), top.Select(scored => scored.Item));
    }

    [Fact]
    public void A_score_is_the_product_of_the_vectors_and_what_is_added()
    {
        FactorMatrix items = VectorKernelsTests.Random(100, 40, 1), vector = VectorKernelsTests.Random(1, 40, 2);
        var added = new AddedScores(new FixedScores([.. Enumerable.Range(0, 100).Select(item => item / 200f)]));
        added.Start(1);
        for (int item = 0; item < 100; item++) added.Add(item, item / 200f);
        for (int item = 0; item < 100; item++)
            Assert.Equal(HalfStepTests.Dot(items.Row(item), vector.Row(0)) + item / 100.0, new FactorScan(items,
                VectorKernels.Best).Score(vector, added, item), 1e-5);
    }

    [Fact]
    public void A_boost_multiplies_positive_scores_and_divides_the_others()
    {
        FactorMatrix items = new(2, 1), vector = new(1, 1);
        (items.MutableRow(0)[0], items.MutableRow(1)[0], vector.MutableRow(0)[0]) = (3, -3, 1);
        var both = new ItemMask(2);
        both.SetAll();
        var scan = new FactorScan(items, VectorKernels.Best);
        Boost[] boosts = [new Boost(both, 4), new Boost(both, 0.5f)];
        Assert.Equal(6, scan.Score(vector, null, 0, boosts));
        Assert.Equal(-1.5f, scan.Score(vector, null, 1, boosts));
        Assert.Contains("0.001", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Boost(both, 0.001f)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Boost(both, float.NaN));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("best")]
    public void Nothing_asked_or_nothing_eligible_finds_nothing(string path)
    {
        FactorMatrix items = VectorKernelsTests.Random(100, 8, 1), vector = VectorKernelsTests.Random(1, 8, 2);
        FactorScan scan = Scan(path == "best" ? CodeKernelsTests.Names[0] : path, items, 0);
        ItemMask all = new(100), none = new(100);
        all.SetAll();
        Assert.Equal(0, scan.Best(vector, null, all, none, []));
        Assert.Equal(0, scan.Best(vector, null, none, none, new ScoredItem[5]));
        Assert.Equal(0, scan.Best(vector, null, all, all, new ScoredItem[5]));
        Assert.Equal(0, Scan(path == "best" ? CodeKernelsTests.Names[0] : path, new FactorMatrix(0, 8), 0).Best(vector, null, none, none,
            new ScoredItem[5]));
        Assert.Contains("100", Assert.Throws<ArgumentException>(() =>
            scan.Best(vector, null, new ItemMask(99), none, new ScoredItem[5])).Message, StringComparison.Ordinal);
        var tooFew = new AddedScores(new FixedScores(new float[99]));
        Assert.Throws<ArgumentException>(() => scan.Best(vector, tooFew, all, none, new ScoredItem[5]));
    }

    [Fact]
    public void A_scan_allocates_nothing()
    {
        FactorMatrix items = PlantedFactors.Of(PlantedFactors.Kind.FallingLengths, 3000, 40, new Random(1)), vector =
            VectorKernelsTests.Random(1, 40, 2);
        FactorScan scan = Scan(CodeKernelsTests.Names[0], items, 0);
        ItemMask all = new(3000), none = new(3000);
        all.SetAll();
        var top = new ScoredItem[20];
        ScanQuery[] queries = [.. Enumerable.Range(0, 3).Select(_ =>
            new ScanQuery { Vector = vector, Eligible = all, Excluded = none, Top = new ScoredItem[20] })];
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            scan.Best(vector, null, all, none, top);
            scan.BestOfEach(queries);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    private static FactorScan Scan(string path, FactorMatrix items, int round)
    {
        VectorKernels width = VectorKernelsTests.Widths.Values.ElementAt(round % VectorKernelsTests.Widths.Count);
        return path == "none"
            ? new FactorScan(items, width)
            : new FactorScan(items, width, FactorCodes.Of(items, threads: 1 + round % 2, CancellationToken.None),
                CodeKernelsTests.Path(path));
    }

    private static void AssertSame(IEnumerable<ScoredItem> expected, ReadOnlySpan<ScoredItem> found, ScanCase drawn)
    {
        ScoredItem[] best = [.. expected], answered = found.ToArray();
        Assert.True(best.SequenceEqual(answered), $"{drawn}: expected {string.Join(' ', best.Except(answered).Take(3))}, found {string.Join(' ', answered.Except(best).Take(3))}");
    }
}
