using Recommender.Factorization;
using Recommender.Models;
using Recommender.Questionnaires;
using Recommender.Scoring;
using Recommender.Tests.Factorization;
using Recommender.Tests.Models;

namespace Recommender.Tests.Questionnaires;

public sealed class ElicitationTests
{
    private static readonly TrainedModel _model = PlantedAnswers.Train();
    private readonly ItemMask _items = PlantedAnswers.ItemMask();
    private readonly Elicitation _elicitation = new(_model);

    public ElicitationTests() => _elicitation.Start(_items);

    [Fact]
    public void The_telling_question_comes_before_the_useless_one()
    {
        double genre = _elicitation.ExpectedGain(PlantedAnswers.Genre, [], 0.9), lucky = _elicitation.ExpectedGain(PlantedAnswers.LuckyNumber, [], 0.9);
        Assert.True(genre > 0.3, $"The genre takes away {genre}.");
        Assert.True(lucky < 0.05, $"The lucky number takes away {lucky}.");
        foreach (int option in PlantedAnswers.Genre) _elicitation.Tell(option, option == PlantedAnswers.Genre[1]);
        Assert.True(_elicitation.ExpectedGain(PlantedAnswers.Genre, [], 0.9) < genre / 3);
    }

    [Fact]
    public void A_question_that_is_skipped_half_the_time_is_worth_half() =>
        Assert.Equal(_elicitation.ExpectedGain(PlantedAnswers.Genre, [], 1) / 2, _elicitation.ExpectedGain(PlantedAnswers.Genre, [], 0.5), 1e-9);

    [Fact]
    public void Options_of_a_question_that_half_of_the_people_answered_share_the_whole_chance_among_them()
    {
        Assert.InRange(PlantedAnswers.Genre.Sum(option => _elicitation.ChanceOf(option)), 0.97, 1.03);
        Assert.InRange(PlantedAnswers.LuckyNumber.Sum(option => _elicitation.ChanceOf(option)), 0.97, 1.03);
    }

    [Fact]
    public void One_answer_lifts_the_items_of_its_group_above_all_others()
    {
        var scorer = new Scorer(_model);
        var top = new ScoredItem[PlantedAnswers.ItemsEach];
        for (int kind = 0; kind < PlantedAnswers.Kinds; kind++)
        {
            int[] others = [.. PlantedAnswers.Genre.Where(option => option != PlantedAnswers.Genre[kind])];
            Assert.Equal(top.Length, scorer.Personalised([PlantedAnswers.Genre[kind]], [1], others, _items, [], top));
            Assert.All(top, scored => Assert.Equal(kind, scored.Item / PlantedAnswers.ItemsEach));
            var reasons = new Reason[1];
            Assert.Equal(1, scorer.Reasons(top[0].Item, reasons));
            Assert.Equal(0, reasons[0].HistoryIndex);
        }
    }

    [Fact]
    public void What_is_refused_speaks_for_the_others_and_not_against_the_item_itself()
    {
        var scorer = new Scorer(_model);
        var all = new ScoredItem[PlantedAnswers.Items];
        int[] refused = [0, 1, 2, 3, 4, 5];
        scorer.Personalised([], [], refused, _items, [], all);
        int[] order = [.. all.Select(scored => scored.Item)];
        Assert.All(order[..12], item => Assert.NotEqual(0, item / PlantedAnswers.ItemsEach));
        // A single no says nothing of its own item: its score is the one of somebody who was not asked.
        scorer.Personalised([], [], [], _items, [], all);
        float unasked = scorer.Score(7);
        scorer.Personalised([], [], [7], _items, [], all);
        Assert.Equal(unasked, scorer.Score(7), 1e-4);
        Assert.True(scorer.Score(8) < all.Max(scored => scored.Score));
    }

    [Fact]
    public void Reasons_and_refusals_add_up_to_the_score()
    {
        var scorer = new Scorer(_model);
        var top = new ScoredItem[10];
        int[] items = [1, 14, 2], refused = [13, 25, 25];
        scorer.Personalised(items, [1, 0.5f, 1], refused, _items, [], top);
        var reasons = new Reason[10];
        foreach (int item in (int[])[0, 3, 13, 25, 30])
        {
            Reason[] given = reasons[..scorer.Reasons(item, reasons)];
            Assert.All(given, reason => Assert.InRange(reason.HistoryIndex, -1, 5));
            Assert.InRange(given.Sum(reason => reason.Share), 0.999, 1.001);
            Assert.True(given.Sum(reason => reason.Term) >= scorer.Score(item) - 1e-4);
            if (given.Length == 7) Assert.Equal(scorer.Score(item), given.Sum(reason => reason.Term), 1e-4);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_expected_gain_is_what_the_outcomes_do_on_average(int answersBefore)
    {
        for (int k = 0; k < answersBefore; k++) _elicitation.Tell(5 * k, yes: k == 1);
        var belief = new Belief(_model.ItemFactors, _model.Taste, _model.Rates, VectorKernels.Best);
        for (int k = 0; k < answersBefore; k++) belief.Observe(5 * k, k == 1, 1);
        foreach (int asked in (int[])[1, 16, 33])
        {
            double expected = ByOutcomes(belief, asked);
            Assert.Equal(expected, _elicitation.ExpectedGain(asked), 1e-3 * expected);
        }
    }

    [Fact]
    public void The_best_item_is_the_one_of_the_greatest_gain_and_is_not_asked_twice()
    {
        var asked = new List<int>();
        for (int k = 0; k < PlantedAnswers.Items; k++)
        {
            Assert.True(_elicitation.TryBestItem(_items, shortlist: 1000, out ItemQuestion best));
            double greatest = Enumerable.Range(0, PlantedAnswers.Items).Except(asked).Max(item => _elicitation.ExpectedGain(item));
            Assert.Equal(greatest, best.Gain, 1e-9);
            Assert.Equal(_elicitation.ChanceOf(best.Item), best.Chance);
            Assert.DoesNotContain(best.Item, asked);
            asked.Add(best.Item);
            _elicitation.Tell(best.Item, yes: k % 3 == 0);
        }
        Assert.False(_elicitation.TryBestItem(_items, shortlist: 1000, out _));
    }

    [Fact]
    public void A_shortlist_keeps_to_what_is_popular()
    {
        int[] popular = [.. _model.Popularity.Order.ToArray().Where(item => item < PlantedAnswers.Items).Take(3)];
        Assert.True(_elicitation.TryBestItem(_items, shortlist: 3, out ItemQuestion best));
        Assert.Contains(best.Item, popular);
    }

    [Fact]
    public void Uncertainty_starts_at_one_and_falls_with_every_answer()
    {
        Assert.Equal(1, _elicitation.Uncertainty, 1e-4);
        double before = 1;
        foreach (int option in PlantedAnswers.Genre) _elicitation.Tell(option, option == PlantedAnswers.Genre[0]);
        Assert.InRange(_elicitation.Uncertainty, 0, before * 0.7);
    }

    [Fact]
    public void The_next_respondent_begins_afresh()
    {
        _elicitation.TryBestItem(_items, 100, out ItemQuestion first);
        _elicitation.Tell(first.Item, yes: true);
        _elicitation.Start(_items);
        _elicitation.TryBestItem(_items, 100, out ItemQuestion again);
        Assert.Equal(first, again);
    }

    [Fact]
    public void A_model_that_was_saved_and_loaded_asks_the_same()
    {
        var saved = new SavedModel(_model);
        Assert.True(saved.Loaded.Items.TryGetNumber("answer\tonboarding\tgenre\tgarden", out int option));
        Assert.Equal(saved.Numbers[PlantedAnswers.Genre[1]], option);
        var again = new Elicitation(saved.Loaded);
        var items = new ItemMask(_items.Length);
        for (int item = 0; item < saved.Numbers.Length; item++) items[saved.Numbers[item]] = _items[item];
        again.Start(items);
        Assert.Equal(_elicitation.ExpectedGain(PlantedAnswers.Genre, [], 1), again.ExpectedGain(saved.Of(PlantedAnswers.Genre), [], 1), 1e-5f);
        Assert.Equal(_elicitation.ExpectedGain(5), again.ExpectedGain(saved.Numbers[5]), 1e-5f);
    }

    [Fact]
    public void Mistaken_calls_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => new Elicitation(_model).Tell(1, yes: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => _elicitation.Tell(-1, yes: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => _elicitation.ExpectedGain(PlantedAnswers.Items + 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => _elicitation.Tell(1, yes: true, confidence: 0));
        Assert.Throws<ArgumentException>(() => _elicitation.ExpectedGain([1, 2], [1], 1));
        Assert.Throws<ArgumentException>(() => _elicitation.Start(new ItemMask(3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Scorer(_model).Personalised([], [], [999], _items, [], new ScoredItem[1]));
    }

    // Both answers told to the linear update, each by its chance: how far the expected scores of the other items move, squared, over
    // how uncertain all are now.
    private double ByOutcomes(Belief belief, int asked)
    {
        int factors = _model.ItemFactors.Factors;
        var covariance = new FactorMatrix(factors, factors);
        belief.CopyCovariance(covariance);
        double Covariance(int a, int b)
        {
            double sum = 0;
            for (int i = 0; i < factors; i++) sum += _model.ItemFactors.Row(a)[i] * HalfStepTests.Dot(covariance.Row(i), _model.ItemFactors.Row(b));
            return sum;
        }
        double rate = _model.Rates.Of(asked), yes = belief.ChanceOf(asked), variance = Math.Max(yes * (1 - yes), 1.02 * rate * rate * Covariance(asked, asked));
        double moved = 0, uncertain = 0;
        for (int item = 0; item < PlantedAnswers.Items; item++)
        {
            double weight = Math.Pow(Math.Max(0, belief.Expected(item)), 2);
            uncertain += weight * Covariance(item, item);
            if (item == asked) continue;
            double perAnswer = rate * Covariance(item, asked) / variance;
            moved += weight * (yes * Math.Pow(perAnswer * (1 - yes), 2) + (1 - yes) * Math.Pow(perAnswer * yes, 2)) * variance / (yes * (1 - yes));
        }
        return moved / uncertain * yes;
    }
}
