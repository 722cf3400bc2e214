using System.Collections.Immutable;
using Recommender.Evaluation;
using Recommender.Interactions;

namespace Recommender.Tests.Evaluation;

public sealed class EvaluationSummaryTests
{
    // Four customers, six items; item 5 is in nobody's history.
    private static readonly InteractionMatrix _train = InteractionMatrix.FromPairs(4, 6, [(0, 0), (0, 1), (1, 0), (2, 0), (2, 2)]);
    private static readonly InteractionMatrix _test = InteractionMatrix.FromPairs(4, 6, [(0, 2), (0, 3), (1, 1), (3, 0), (3, 5)]);

    [Fact]
    public void Every_figure_of_a_small_shop_is_the_one_worked_out_by_hand()
    {
        RankingResult result = Run([1, 2], new FixedRanking("by hand", row => row switch { 0 => [2, 4], 1 => [2, 1], 3 => [0, 1], _ => [] }))[0];
        Assert.Equal([0, 1, 3], result.Rows);
        CutoffMetrics two = result.At(2);
        Assert.Equal([0.5, 1, 0.5], two.Recall);
        Assert.Equal([1, 0.5, 1], two.ReciprocalRank);
        Assert.Equal([0.5, 0.5, 0.5], two.Precision);
        double second = 1 / Math.Log2(3);
        Assert.Equal([1 / (1 + second), second, 1 / (1 + second)], two.Ndcg);
        // Of four customers three have item 0, one has 1, one has 2; 4 counts as if one had it.
        Assert.Equal([2, 2, (Math.Log2(4 / 3.0) + 2) / 2], two.Novelty);
        Assert.Equal([1, 2, 2, 0, 1, 0], two.Exposures.AsEnumerable());
        Assert.Equal([1, 1, 1, 0, 0, 0], two.Hits.AsEnumerable());
        Assert.Equal([1, 0, 2, 0, 0, 0], result.At(1).Exposures.AsEnumerable());
        Assert.Equal(result.Exposures.AsEnumerable(), two.Exposures);

        CutoffSummary summary = Summary([result], models: 1).Rankings[0].At(2);
        Assert.Equal(2 / 3.0, summary.Of(Figure.Recall).Mean, 1e-12);
        Assert.Equal(4 / 6.0, summary.Coverage, 1e-12);
        // 0 0 1 1 2 2: twice 3 + 4 + 10 + 12 over 6, less 7, over 6.
        Assert.Equal((2 * 29 / 6.0 - 7) / 6, summary.Gini, 1e-12);
    }

    [Fact]
    public void Equal_exposures_have_no_gini_and_one_item_alone_nearly_all_of_it()
    {
        Assert.Equal(0, Concentration.Gini([3, 3, 3, 3]), 1e-12);
        Assert.Equal(0.75, Concentration.Gini([0, 0, 0, 8]), 1e-12);
        Assert.Equal((0, 0), (Concentration.Gini([]), Concentration.Gini([0, 0])));
        Assert.Equal([0, 0.1, 0.3, 0.6, 1], Concentration.Lorenz([4, 2, 1, 3], 4), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Lists_and_hits_are_told_by_how_many_want_an_item()
    {
        RankingResult result = Run([2], new FixedRanking("x", row => row switch { 0 => [2, 4], 1 => [2, 1], _ => [0, 1] }))[0];
        EvaluationSummary summary = Summary([result], models: 1);
        Assert.Equal("popularity", summary.Items.By);
        ItemFigures[] bands = [.. summary.Rankings[0].ByItems];
        Assert.Equal(("nobody", 3, 0.0), (bands[0].Band, bands[0].Items, bands[0].Train));
        // Items 3 and 5 were to be found among five; item 4 has one of six places.
        Assert.Equal(2 / 5.0, bands[0].Test, 1e-12);
        Assert.Equal((1 / 6.0, 0.0, 0.0), (bands[0].Lists, bands[0].Hits, bands[0].Recall));
        Assert.Equal(1, bands.Sum(band => band.Lists), 1e-12);
        Assert.Equal(1, bands.Sum(band => band.Hits), 1e-12);
        Assert.Equal(6, bands.Sum(band => band.Items));
        Assert.Equal("3 customers", bands[^1].Band);
        Assert.Equal(1.0, bands[^1].Recall);
    }

    [Fact]
    public void Items_are_told_by_age_where_times_are_known()
    {
        DateTimeOffset day = new(2011, 1, 1, 15, 0, 0, TimeSpan.Zero);
        ItemBands bands = ItemBands.ByAge([day, day.AddDays(1), day.AddDays(1).AddHours(2), day.AddDays(40), null]);
        Assert.Equal("age", bands.By);
        Assert.Equal(["not in training", "2011-01-01", "2011-01-02", "2011-02-10"], bands.Bands.Names);
        Assert.Equal([1, 2, 2, 3, 0], bands.Bands.Of);
    }

    [Theory]
    [InlineData("1 item", 1, 1, 1, 1)]
    [InlineData("no items", 0, 0)]
    [InlineData("7 items", 7)]
    [InlineData("1 item|2 items|3 items|9 items", 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 9)]
    [InlineData("no items|4 items|5 to 6 items|7 items|8 to 9 items|800 items", 0, 4, 5, 6, 7, 8, 9, 800)]
    public void Customers_of_the_same_history_are_in_one_band_whatever_the_data(string names, params int[] lengths)
    {
        Bands bands = Bands.OfHistories(lengths);
        Assert.Equal(names.Split('|'), bands.Names);
        Assert.All(lengths.Zip(bands.Of).GroupBy(pair => pair.First), group => Assert.Single(group.DistinctBy(pair => pair.Second)));
        Assert.Equal(lengths.Length, Enumerable.Range(0, bands.Count).Sum(band => bands.Members(band).Length));
    }

    [Fact]
    public void Bands_of_many_customers_hold_about_as_many_each()
    {
        var random = new Random(3);
        Bands bands = Bands.OfHistories(Enumerable.Range(0, 5000).Select(_ => (int)(5 / random.NextDouble())));
        Assert.Equal(5, bands.Count);
        Assert.All(Enumerable.Range(0, 5), band => Assert.InRange(bands.Members(band).Length, 800, 1200));
    }

    [Fact]
    public void The_ranking_that_was_planted_to_be_better_is_seen_to_be_and_by_whom()
    {
        InteractionMatrix train = InteractionMatrix.FromPairs(100, 50, Enumerable.Range(0, 100).Select(row => (row, 49)));
        InteractionMatrix test = InteractionMatrix.FromPairs(100, 50, Enumerable.Range(0, 100).Select(row => (row, row % 40)));
        // A hits on customers 0 to 49, B on 20 to 99.
        var a = new FixedRanking("A", row => row < 50 ? [row % 40] : [45]);
        var b = new FixedRanking("B", row => row >= 20 ? [row % 40] : [45]);
        ImmutableArray<RankingResult> results = RankingEvaluation.Run([a, b, new PopularityRanking(train)], train, test,
            new EvaluationOptions { Cutoffs = [1] }, ranked: null, CancellationToken.None);
        EvaluationSummary summary = EvaluationSummary.Of(results, train, test, new SummaryOptions { Models = 2 }, CancellationToken.None);
        Assert.Equal([("popularity", "A"), ("popularity", "B"), ("A", "B")], summary.Comparisons.Select(pair => (pair.A, pair.B)));
        PairedComparison pair = summary.Comparisons[2];
        PairedDifference recall = pair.Of(Figure.Recall);
        Assert.Equal((0.3, 50, 20, 30), (recall.Difference.Mean, recall.Won, recall.Lost, recall.Tied), (x, y) => Math.Abs(x.Item1 - y.Item1) < 1e-12
            && (x.Item2, x.Item3, x.Item4) == (y.Item2, y.Item3, y.Item4));
        Assert.Equal(1, recall.Sign);
        Assert.True(recall.ShareBetter > 0.99);
        Assert.Equal([50, 51, 52, 53, 54], pair.Gained.Select(customer => customer.Row));
        Assert.Equal([0, 1, 2, 3, 4], pair.Lost.Select(customer => customer.Row));
    }

    [Fact]
    public void Of_a_few_customers_no_difference_is_claimed()
    {
        ImmutableArray<RankingResult> results =
            Run([2], new FixedRanking("good", row => row == 0 ? [2, 3] : row == 1 ? [1] : [0, 5]), new FixedRanking("bad", _ => [4]));
        PairedDifference difference = Summary(results, models: 2).Comparisons[^1].Of(Figure.Ndcg);
        Assert.True(difference.Difference.High < 0);
        Assert.Equal(0, difference.Sign);
    }

    [Fact]
    public void Of_one_customer_and_a_list_longer_than_the_catalogue_the_figures_are_sensible()
    {
        InteractionMatrix train = InteractionMatrix.FromPairs(1, 3, [(0, 0)]), test = InteractionMatrix.FromPairs(1, 3, [(0, 2)]);
        ImmutableArray<RankingResult> results = RankingEvaluation.Run([new PopularityRanking(train), new RandomRanking(3, 1)], train, test,
            new EvaluationOptions { Cutoffs = [100] }, ranked: null, CancellationToken.None);
        EvaluationSummary summary = EvaluationSummary.Of(results, train, test, new SummaryOptions { Models = 0 }, CancellationToken.None);
        Assert.All(summary.Rankings, ranking => Assert.Equal((1, 0.01), (ranking.At(100).Of(Figure.Recall).Mean, ranking.At(100).Of(Figure.Precision).Mean)));
        Assert.Equal(100, summary.Headline);
    }

    private static ImmutableArray<RankingResult> Run(ImmutableArray<int> cutoffs, params IReadOnlyList<IRanking> rankings) =>
        RankingEvaluation.Run(rankings, _train, _test, new EvaluationOptions { Cutoffs = cutoffs, Threads = 2 }, ranked: null, CancellationToken.None);

    private static EvaluationSummary Summary(ImmutableArray<RankingResult> results, int models) =>
        EvaluationSummary.Of(results, _train, _test, new SummaryOptions { Models = models, Resamples = 200 }, CancellationToken.None);
}
