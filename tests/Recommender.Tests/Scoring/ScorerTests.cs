using Recommender.Interactions;
using Recommender.Models;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Similarity;
using Recommender.Tests.Models;

namespace Recommender.Tests.Scoring;

public sealed class ScorerTests
{
    private static readonly TrainedModel _model =
        SmallShop.Train(SmallShop.Random(4, customers: 300, items: 120), SmallShop.Recipe(factors: 16));
    private readonly Scorer _scorer = new(_model);
    private readonly ItemMask _everything = new(_model.Items.Count);
    private readonly ScoredItem[] _top = new ScoredItem[10];

    public ScorerTests() => _everything.SetAll();

    [Fact]
    public void A_mask_may_go_on_for_items_that_the_model_has_not_learned()
    {
        var longer = new ItemMask(_model.Items.Count + 1000);
        longer.SetAll();
        var same = new ScoredItem[200];
        var top = new ScoredItem[200];
        Assert.Equal(_scorer.Personalised([3, 50], [1, 1], _everything, [3], same),
            _scorer.Personalised([3, 50], [1, 1], longer, [3], top));
        Assert.Equal(same, top);
        Assert.Equal(_scorer.Popular(_everything, [3], same), _scorer.Popular(longer, [3], top));
        Assert.Equal(same, top);
        Assert.Equal(_scorer.Similar([3], _everything, [], same), _scorer.Similar([3], longer, [], top));
        Assert.Equal(same, top);
    }

    [Fact]
    public void The_reasons_and_the_rest_of_the_terms_add_up_to_the_score()
    {
        int[] history = [3, 50, 7, 90];
        int count = _scorer.Personalised(history, [1, 0.5f, 2, 1], _everything, history, _top);
        Assert.Equal(10, count);
        int complete = 0;
        foreach (ScoredItem answered in _top)
        {
            Assert.Equal(answered.Score, _scorer.Score(answered.Item));
            var reasons = new Reason[10];
            Reason[] given = reasons[.._scorer.Reasons(answered.Item, reasons)];
            Assert.Equal(given.OrderByDescending(reason => reason.Term), given);
            Assert.InRange(given.Sum(reason => reason.Share), 0.999, 1.001);
            Assert.All(given, reason => Assert.InRange(reason.HistoryIndex, -1, 3));
            // Only positive terms are reasons; what is against the item brings their sum down to the score.
            Assert.True(given.Sum(reason => reason.Term) >= answered.Score - 1e-4);
            if (given.Length < history.Length + 1) continue;
            complete++;
            Assert.Equal(answered.Score, given.Sum(reason => reason.Term), 1e-4);
        }
        Assert.True(complete > 0, "No answer had a positive term from every item.");
    }

    [Fact]
    public void Reasons_name_positions_of_the_given_history_and_pass_over_what_speaks_against()
    {
        _scorer.Personalised([3, 50], [-1, 1], _everything, [3, 50], _top);
        var reasons = new Reason[3];
        Assert.All(reasons[.._scorer.Reasons(_top[0].Item, reasons)], reason => Assert.Contains(reason.HistoryIndex, (int[])[-1, 1]));
        var one = new Reason[1];
        Assert.Equal(1, _scorer.Reasons(_top[0].Item, one));
        Assert.Equal(reasons[0], one[0]);
    }

    [Theory]
    [InlineData(1e-42f)]
    [InlineData(1e-30f)]
    public void A_confidence_too_small_to_reckon_with_is_passed_over_and_spoils_nothing_after_it(float confidence)
    {
        ScoredItem[] without = Answered(new Scorer(_model), [3, 50], [1, 1]);
        Assert.Equal(without, Answered(_scorer, [3, 7, 50, 90, 11], [1, confidence, 1, confidence, confidence]));
        Assert.Equal(without, Answered(_scorer, [3, 50], [1, 1]));
        Assert.Equal(Answered(new Scorer(_model), [], []), Answered(_scorer, [3], [confidence]));
    }

    [Fact]
    public void Confidences_whose_sum_is_beyond_floats_still_tell_items_apart()
    {
        Answered(_scorer, [3, 50], [3e38f, 3e38f]);
        Assert.All(_top, scored => Assert.True(float.IsFinite(scored.Score)));
        Assert.True(_top[0].Score > _top[9].Score && _top[9].Score > 0, $"{_top[0]} to {_top[9]}.");
    }

    private ScoredItem[] Answered(Scorer scorer, int[] items, float[] confidences) =>
        _top[..scorer.Personalised(items, confidences, _everything, [], _top)];

    [Fact]
    public void With_nothing_known_the_order_is_that_of_popularity()
    {
        var popular = new ScoredItem[10];
        Assert.Equal(_scorer.Popular(_everything, [], popular), _scorer.Personalised([], [], _everything, [], _top));
        Assert.Equal(popular.Select(scored => scored.Item), _top.Select(scored => scored.Item));
    }

    [Fact]
    public void Excluded_and_ineligible_items_are_never_answered_and_only_for_this_call()
    {
        _everything.Clear(_model.Popularity.Order[0]);
        int[] excluded = [_model.Popularity.Order[1]];
        foreach (Func<int[], int> call in (Func<int[], int>[])
        [
            barred => _scorer.Popular(_everything, barred, _top),
            barred => _scorer.Personalised([5], [1], _everything, barred, _top),
            barred => _scorer.Similar([5], _everything, barred, _top),
        ])
        {
            int count = call(excluded);
            Assert.InRange(count, 1, 10);
            Assert.DoesNotContain(_top[..count], scored => scored.Item == _model.Popularity.Order[0] || scored.Item == excluded[0]);
        }
        Assert.Equal(_model.Popularity.Order[1], _top[.._scorer.Popular(_everything, [], _top)][0].Item);
    }

    [Fact]
    public void Similar_to_several_items_blends_the_parts_by_their_weights_and_leaves_the_items_out()
    {
        TrainedModel model = SmallShop.Train(SmallShop.Random(4, customers: 300, items: 120), SmallShop.Recipe(factors: 4) with
        {
            Similarities =
            [
                new RandomWalkOptions { Weight = 0.5 }, new ItemKnnOptions { Weight = 2 }, new SparseEaseOptions { Weight = 0 },
            ],
        });
        int[] context = [5, 9];
        var scorer = new Scorer(model);
        int count = scorer.Similar(context, _everything, [], _top);
        var blended = new float[120];
        for (int part = 0; part < 2; part++)
        {
            var sums = new float[120];
            foreach (int item in context)
            {
                for (int k = 0; k < model.Similarities[part].Of(item).Length; k++)
                    sums[model.Similarities[part].Of(item)[k]] += model.Similarities[part].SimilaritiesOf(item)[k];
            }
            for (int item = 0; item < 120; item++) blended[item] += (part == 0 ? 0.5f : 2) / sums.Max() * sums[item];
        }
        ScoredItem[] expected = [.. blended.Select((score, item) => new ScoredItem(item, score))
            .Where(scored => !context.Contains(scored.Item)).OrderByDescending(scored => scored.Score).ThenBy(scored => scored.Item).Take(10)];
        Assert.Equal(expected.Select(scored => scored.Item), _top[..count].Select(scored => scored.Item));
        Assert.All(expected.Zip(_top), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5));
        ScoredItem[] first = _top.ToArray();
        scorer.Similar(context, _everything, [], _top);
        Assert.Equal(first, _top);
    }

    [Fact]
    public void A_part_fades_or_grows_by_half_at_the_history_it_is_said_to()
    {
        TrainingSet set = SmallShop.Random(4, customers: 300, items: 120);
        float Gain(double fadesAt, int[] history, double growsAt = 0)
        {
            var scorer = new Scorer(SmallShop.Train(set, SmallShop.Recipe(factors: 4) with
            {
                Similarities = [new RandomWalkOptions { FadesAt = fadesAt, GrowsAt = growsAt }],
                Prior = new PriorOptions { Strength = 0 },
                Blend = new BlendOptions { Factors = 0 },
            }));
            scorer.Personalised(history, [.. history.Select(_ => 1f)], _everything, history, _top);
            return _top[0].Score;
        }
        Assert.Equal(Gain(0, [3, 50, 7, 90]) / 2, Gain(4, [3, 50, 7, 90]), 1e-5);
        Assert.Equal(Gain(0, [3]) * 0.8, Gain(4, [3]), 1e-5);
        Assert.Equal(Gain(0, [3, 50, 7, 90]) / 2, Gain(0, [3, 50, 7, 90], growsAt: 4), 1e-5);
        Assert.Equal(Gain(0, [3]) * 0.2, Gain(0, [3], growsAt: 4), 1e-5);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(120)]
    public void An_item_that_the_model_does_not_have_is_refused(int item)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _scorer.Personalised([item], [1], _everything, [], _top));
        Assert.Throws<ArgumentOutOfRangeException>("items", () => _scorer.Similar([3, item], _everything, [], _top));
        Assert.Throws<ArgumentOutOfRangeException>("refused", () => _scorer.Personalised([3], [1], [item], _everything, [], _top));
        Assert.Throws<ArgumentOutOfRangeException>("expected",
            () => _scorer.Personalised([3], [1], [], answered: false, [new DueItem(item, 1, 1)], _everything, [], _top));
        Assert.Throws<ArgumentOutOfRangeException>(() => _scorer.Score(item));
        Assert.Throws<ArgumentOutOfRangeException>(() => _scorer.Reasons(item, new Reason[1]));
        var small = Assert.Throws<ArgumentException>(() => _scorer.Personalised([], [], new ItemMask(119), [], _top));
        Assert.Contains("119", small.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_is_refused_leaves_no_mark_on_the_next_one()
    {
        var before = new ScoredItem[10];
        _scorer.Similar([5, 9], _everything, [], before);
        Assert.Throws<ArgumentOutOfRangeException>(() => _scorer.Similar([3, 4, 500], _everything, [1, 2], _top));
        Assert.Throws<ArgumentOutOfRangeException>(() => _scorer.Similar([3], _everything, [before[0].Item, -1], _top));
        Assert.Throws<ArgumentException>(() => _scorer.Popular(new ItemMask(3), [before[0].Item], _top));
        _scorer.Similar([5, 9], _everything, [], _top);
        Assert.Equal(before, _top);
    }

    [Fact]
    public void Reasons_are_those_of_the_last_personalised_answer_whatever_was_asked_for_since()
    {
        Reason[] before = new Reason[5], after = new Reason[5];
        int item = Answered(_scorer, [3, 50, 7], [1, 1, 1])[0].Item, count = _scorer.Reasons(item, before);
        Answered(_scorer, [3, 50, 7], [1, 1, 1]);
        _scorer.Similar([5, 9, 20, 60, 70], _everything, [], new ScoredItem[10]);
        _scorer.Popular(_everything, [], new ScoredItem[10]);
        Assert.Equal(count, _scorer.Reasons(item, after));
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_score_that_is_no_number_is_the_lowest_in_the_answer_and_by_itself()
    {
        var all = new ScoredItem[_model.Items.Count];
        _scorer.Personalised([3, 50], [1, 1], [], answered: false, [new DueItem(3, float.NaN, 0)], _everything, [], all);
        Assert.Equal(new ScoredItem(3, float.NegativeInfinity), all[^1]);
        Assert.All(all, scored => Assert.Equal(scored.Score, _scorer.Score(scored.Item)));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(45)]
    public void In_which_order_items_were_refused_makes_no_difference(int count)
    {
        int[] refused = [.. Enumerable.Range(0, count).Select(k => 7 * k % 119), 14, 0];
        float[] forwards = ScoresOf([3, 50], refused), backwards = ScoresOf([3, 50], [.. refused.Reverse()]);
        foreach (int item in refused) Assert.Equal(forwards[item], backwards[item], 1e-4);
        Assert.NotEqual(forwards[refused[0]], ScoresOf([3, 50], [])[refused[0]]);
    }

    [Fact]
    public void Of_very_many_refusals_the_first_count()
    {
        int[] refused = [.. Enumerable.Range(0, 300).Select(k => 7 * k % 119)];
        Assert.Equal(ScoresOf([3, 50], refused[..256]), ScoresOf([3, 50], refused));
        Assert.NotEqual(ScoresOf([3, 50], refused[..250]), ScoresOf([3, 50], refused));
    }

    private float[] ScoresOf(int[] items, int[] refused)
    {
        _scorer.Personalised(items, [.. items.Select(_ => 1f)], refused, _everything, [], _top);
        return [.. Enumerable.Range(0, _model.Items.Count).Select(_scorer.Score)];
    }

    [Fact]
    public void A_boost_that_is_null_is_refused_where_it_is_set()
    {
        ScoredItem[] before = [.. Answered(_scorer, [3, 50], [1, 1])];
        Assert.Throws<ArgumentException>(() => _scorer.Boosts = [new Boost(_everything, 2), null!]);
        Assert.Throws<ArgumentException>(() => new BatchScorer(_model).Boosts = [null!]);
        Assert.Throws<ArgumentNullException>(() => new Boost(null!, 2));
        Assert.Equal(before, Answered(_scorer, [3, 50], [1, 1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_item_has_the_same_reasons_whatever_else_was_answered(bool answered)
    {
        int[] history = [3, 50, 7, 90, 50];
        float[] confidences = [1, 0.5f, 2, 1, 1];
        // More than are worked out together.
        var top = new ScoredItem[40];
        Assert.Equal(40, _scorer.Personalised(history, confidences, [11, 60], answered, [], _everything, history, top));
        Reason[][] together = [.. top.Select(one => ReasonsOf(one.Item))];
        _scorer.Personalised(history, confidences, [11, 60], answered, [], _everything, history, new ScoredItem[1]);
        for (int k = 0; k < top.Length; k++) Assert.Equal(together[k], ReasonsOf(top[k].Item));
        Assert.Contains(together, reasons => reasons.Length > 3);
        Assert.Equal(answered, together.Any(reasons => reasons.Any(reason => reason.HistoryIndex >= history.Length)));

        Reason[] ReasonsOf(int item)
        {
            var reasons = new Reason[10];
            return reasons[.._scorer.Reasons(item, reasons)];
        }
    }

    [Fact]
    public void Histories_of_any_length_allocate_nothing_once_a_longer_one_was_asked_for()
    {
        int[] all = [.. Enumerable.Range(0, 119)], lengths = [0, 1, 5, 20, 32, 33, 70, 119, 100];
        float[] ones = [.. all.Select(_ => 1f)];
        var reasons = new Reason[8];
        // Another one takes what the runtime allocates when code runs for the first time.
        foreach (int length in lengths) Run(_scorer, length);
        var scorer = new Scorer(_model) { Boosts = [new Boost(_everything, 2)] };
        Run(scorer, 119);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int length in lengths) Run(scorer, length);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(Scorer scorer, int length)
        {
            Span<int> history = all.AsSpan(0, length);
            for (int answered = 0; answered < 2; answered++)
            {
                int found = scorer.Personalised(history, ones.AsSpan(0, length), [], answered > 0, [], _everything, history, _top);
                for (int k = 0; k < found; k++) scorer.Reasons(_top[k].Item, reasons);
                scorer.Score(3);
            }
        }
    }

    [Fact]
    public void A_request_allocates_nothing()
    {
        int[] history = [3, 50, 7, 90], excluded = [1, 2, 3], refused = [11, 12, 60];
        float[] confidences = [1, 1, 1, 1];
        var reasons = new Reason[3];
        DueItem[] expected = [new(3, 2, 0.5f), new(90, 1, 1)];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 10; k++) Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            _scorer.Personalised(history, confidences, _everything, excluded, _top);
            _scorer.Reasons(_top[0].Item, reasons);
            _scorer.Personalised(history, confidences, refused, _everything, excluded, _top);
            _scorer.Reasons(_top[0].Item, reasons);
            _scorer.Personalised(history, confidences, refused, answered: true, expected, _everything, excluded, _top);
            _scorer.Reasons(_top[0].Item, reasons);
            _scorer.Uncertainty(_top[0].Item);
            _scorer.Popular(_everything, excluded, _top);
            _scorer.Similar(history, _everything, excluded, _top);
        }
    }
}
