using System.Collections.Immutable;
using Recommender.Models;
using Recommender.Popularity;
using Recommender.Scoring;
using Recommender.Tests.ColdStart;
using Recommender.Tests.Models;

namespace Recommender.Tests.Scoring;

public sealed class BoostTests
{
    private static readonly TrainedModel _model = SmallShop.Train(SmallShop.Random(4, customers: 300, items: 120), SmallShop.Recipe(factors: 16));
    private readonly Scorer _scorer = new(_model);
    private readonly ItemMask _everything = new(_model.Items.Count);

    public BoostTests() => _everything.SetAll();

    [Fact]
    public void A_personal_list_is_that_of_boosting_every_score_and_sorting()
    {
        int[] history = [3, 50, 7, 90];
        ImmutableArray<Boost> boosts = [Every(3, 2.5f), Every(7, 0.04f), Every(10, 1.7f)];
        var top = new ScoredItem[15];
        _scorer.Personalised(history, [1, 0.5f, 2, 1], _everything, history, top);
        ScoredItem[] expected = Sorted(Enumerable.Range(0, 120).Except(history).Select(item => new ScoredItem(item, _scorer.Score(item))), boosts, 15);
        Assert.Contains(Enumerable.Range(0, 120), item => _scorer.Score(item) < 0);
        _scorer.Boosts = boosts;
        Assert.Equal(15, _scorer.Personalised(history, [1, 0.5f, 2, 1], _everything, history, top));
        Assert.Equal(expected, top);
        Assert.All(top, answered => Assert.Equal(answered.Score, _scorer.Score(answered.Item)));
    }

    [Fact]
    public void New_items_are_boosted_as_the_others_are()
    {
        var shop = new AuthorShop();
        Scorer scorer = shop.WithANewBookEach();
        ItemMask all = AuthorShop.All(scorer);
        var top = new ScoredItem[20];
        ImmutableArray<Boost> boosts = [new Boost(shop.NewBooks(), 3)];
        for (int reader = 0; reader < 16; reader++)
        {
            int[] history = shop.HistoryOf(reader).Columns.ToArray();
            float[] ones = AuthorShop.Ones(history.Length);
            scorer.Boosts = [];
            scorer.Personalised(history, ones, all, history, top);
            var scores = Enumerable.Range(0, shop.Model.Items.Count + AuthorShop.Authors).Except(history).Select(item => new ScoredItem(item, scorer.Score(item)));
            ScoredItem[] expected = Sorted(scores.ToArray(), boosts, 20), similar = new ScoredItem[20];
            int unboosted = scorer.Similar(history.AsSpan(0, 2), all, [], similar);
            ScoredItem[] expectedSimilar = Sorted(similar[..unboosted], boosts, 5);
            scorer.Boosts = boosts;
            scorer.Personalised(history, ones, all, history, top);
            Assert.Equal(expected, top);
            Assert.Equal(5, scorer.Similar(history.AsSpan(0, 2), all, [], similar.AsSpan(0, 5)));
            Assert.Equal(expectedSimilar, similar[..5]);
        }
    }

    [Fact]
    public void Similar_items_are_those_of_boosting_every_score_and_sorting()
    {
        ImmutableArray<Boost> boosts = [Every(3, 20), Every(5, 0.1f)];
        var all = new ScoredItem[120];
        int found = _scorer.Similar([5, 9], _everything, [], all);
        ScoredItem[] expected = Sorted(all[..found], boosts, 10), top = new ScoredItem[10];
        _scorer.Boosts = boosts;
        Assert.Equal(10, _scorer.Similar([5, 9], _everything, [], top));
        Assert.Equal(expected, top);
    }

    [Fact]
    public void The_terms_of_a_boosted_score_add_up_to_it()
    {
        int[] history = [3, 50, 7, 90];
        _scorer.Boosts = [Every(2, 3)];
        _scorer.Personalised(history, [1, 0.5f, 2, 1], _everything, history, new ScoredItem[5]);
        int complete = 0;
        for (int item = 0; item < 120; item++)
        {
            var reasons = new Reason[10];
            int count = _scorer.Reasons(item, reasons);
            if (count < history.Length + 1) continue;
            complete++;
            Assert.Equal(_scorer.Score(item), reasons[..count].Sum(reason => reason.Term), 1e-4);
            Assert.Equal(1, reasons[..count].Sum(reason => reason.Share), 1e-4);
        }
        Assert.True(complete > 5, $"{complete} items had a positive term from every item.");
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(40, false)]
    [InlineData(400, false)]
    [InlineData(1, true)]
    [InlineData(40, true)]
    [InlineData(400, true)]
    public void What_sells_best_is_that_of_sorting_by_boosted_popularity(int eligibleOf1000, bool boosted)
    {
        var random = new Random(eligibleOf1000);
        // Many equal ones, and more than the head of the order.
        float[] means = [.. Enumerable.Range(0, 5000).Select(_ => random.Next(50) / 50f)];
        ItemMask eligible = new(5200), excluded = new(6000);
        for (int item = 0; item < 5200; item++)
        {
            if (random.Next(1000) < eligibleOf1000) eligible.Set(item);
            if (random.Next(10) == 0) excluded.Set(item);
        }
        ImmutableArray<Boost> boosts = boosted ? [Every(3, 2.5f), Every(7, 0.2f)] : [];
        ScoredItem[] expected = Sorted(Enumerable.Range(0, 5000).Where(item => eligible[item] && !excluded[item]).Select(item => new ScoredItem(item, means[item])), boosts, 20);
        var top = new ScoredItem[20];
        var heap = new TopHeap(top);
        PopularScan.Offer(new ItemPopularity(means), eligible, excluded, boosts.AsSpan(), ref heap);
        Assert.Equal(expected, top[..heap.Finish()]);
    }

    private static Boost Every(int nth, float factor)
    {
        var items = new ItemMask(100);
        for (int item = 0; item < 100; item += nth) items.Set(item);
        return new Boost(items, factor);
    }

    private static ScoredItem[] Sorted(IEnumerable<ScoredItem> scores, ImmutableArray<Boost> boosts, int count) =>
    [
        .. scores.Select(one =>
        {
            float factor = 1;
            foreach (Boost boost in boosts.Where(boost => one.Item < boost.Items.Length && boost.Items[one.Item])) factor *= boost.Factor;
            return one with { Score = one.Score > 0 ? one.Score * factor : one.Score / factor };
        }).OrderByDescending(one => one.Score).ThenBy(one => one.Item).Take(count),
    ];
}
