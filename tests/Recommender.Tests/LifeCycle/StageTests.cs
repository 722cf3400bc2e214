using Recommender.Interactions;
using Recommender.LifeCycle;

namespace Recommender.Tests.LifeCycle;

public sealed class StageTests
{
    private static readonly StageRules _rules = new(BgNbd.Prior, new LifeCycleOptions());

    [Fact]
    public void A_relationship_goes_from_looking_around_to_a_settled_rhythm()
    {
        var story = new Story().View(0).Bought(10, "crime").Bought(40, "crime", "poetry").Bought(61, "crime").Bought(90, "poetry").Bought(120, "crime");
        Assert.Equal(
            [
                new(LifeCycleStage.Exploration, LifeCycleStage.Awareness, Rhythms.Day(10), "bought for the first time"),
                new(LifeCycleStage.Awareness, LifeCycleStage.Expansion, Rhythms.Day(40), "bought again, 30 days after the first purchase"),
                new(LifeCycleStage.Expansion, LifeCycleStage.Engagement, Rhythms.Day(120), "settled: 5 purchases, one every 27.5 days"),
            ],
            story.Until(125).Transitions);
    }

    [Fact]
    public void New_categories_keep_a_customer_in_expansion_but_not_for_ever()
    {
        var broadening = new Story().Bought(0, "a");
        for (int i = 1; i <= 7; i++) Assert.Equal(LifeCycleStage.Expansion, broadening.Bought(20 * i, $"new {i}").Until(20 * i).State.Stage);
        Assert.Equal(LifeCycleStage.Engagement, broadening.Bought(160, "new 8").Until(160).State.Stage);

        var steady = new Story().Bought(0, "a").Bought(20, "b").Bought(40, "a").Bought(60, "c").Bought(80, "a").Bought(100, "a");
        Assert.Equal(LifeCycleStage.Expansion, steady.Until(100).State.Stage);
        Assert.Equal(LifeCycleStage.Engagement, steady.Bought(120, "a").Until(120).State.Stage);
    }

    [Fact]
    public void Who_registers_or_answers_knows_the_shop_without_buying()
    {
        var visitor = new Story().View(0).View(3);
        Assert.Equal(LifeCycleStage.Exploration, visitor.Until(500).State.Stage);
        StageHistory registered = visitor.Introduced(2).Until(500);
        Assert.Equal((LifeCycleStage.Awareness, Rhythms.Day(2)), (registered.State.Stage, registered.State.Since));
        Assert.Equal(LifeCycleStage.Expansion, visitor.Bought(20).Bought(40).Until(41).State.Stage);
    }

    [Fact]
    public void Dormant_is_who_breaks_their_own_rhythm_not_who_is_silent_for_a_number_of_days()
    {
        var weekly = new Story();
        var quarterly = new Story();
        for (int i = 0; i < 12; i++)
        {
            weekly.Bought(1_001 - 91 + 7 * (i - 11) + 91);
            quarterly.Bought(1_001 - 91 * (11 - i));
        }
        Assert.Equal(LifeCycleStage.Dissolution, weekly.Until(1_001 + 91).State.Stage);
        Assert.Equal(LifeCycleStage.Engagement, quarterly.Until(1_001 + 91).State.Stage);
        Assert.Equal(LifeCycleStage.Dissolution, quarterly.Until(1_001 + 1_000).State.Stage);
    }

    [Fact]
    public void The_day_a_rhythm_breaks_is_the_first_on_which_it_is_broken()
    {
        StageHistory history = Regular().Until(600);
        StageTransition broken = history.Transitions[^1];
        Assert.Equal(LifeCycleStage.Dissolution, broken.To);
        PurchaseRhythm rhythm = history.State.Rhythm;
        Assert.True(IsBroken(broken.On) && !IsBroken(broken.On.AddDays(-1)), broken.Reason);
        Assert.Matches(@"^bought every 21 days, silent for \d+; P\(alive\) 0\.\d\d, chance of such a silence 0\.\d\d$", broken.Reason);
        Assert.Contains($"silent for {broken.On.DayNumber - rhythm.Last.DayNumber};", broken.Reason);
        Assert.Contains($"silent for {Rhythms.Day(600).DayNumber - rhythm.Last.DayNumber};", _rules.Explain(history.State, Rhythms.Day(600)));

        bool IsBroken(DateOnly day) => rhythm.SilenceDays(day) >= 2 * rhythm.MeanInterval
            && (BgNbd.Prior.AliveProbability(rhythm, day) <= 0.5 || BgNbd.Prior.SilenceChance(rhythm, day) <= 0.02);
    }

    [Fact]
    public void A_pass_that_ran_every_night_and_one_that_ran_once_tell_the_same_history()
    {
        Story story = Regular();
        StageHistory once = story.Until(900);
        var nightly = new List<StageTransition>();
        LifeCycleState state = story.Until(200).State;
        var before = story.Until(200).Transitions;
        for (int day = 201; day <= 900; day++) state = _rules.Advance(state, Rhythms.Day(day), nightly);
        Assert.Equal(once.Transitions, [.. before, .. nightly]);
        Assert.Equal(once.State, state);
        Assert.Equal(once.State, _rules.Advance(state, Rhythms.Day(150)));
        Assert.Equal(once.State, _rules.Advance(once.State, Rhythms.Day(900), nightly));
    }

    [Fact]
    public void An_event_at_a_time_gives_the_state_of_all_at_once()
    {
        var random = new Random(2);
        for (int person = 0; person < 300; person++)
        {
            var story = new Story();
            var state = new LifeCycleState();
            var transitions = new List<StageTransition>();
            int day = random.Next(30);
            for (int i = random.Next(1, 15); i > 0; i--, day += 1 + (int)(random.Next(1, 60) * Math.Pow(random.NextDouble(), 3) * 20))
            {
                story.Bought(day);
                state = _rules.Bought(state, Rhythms.Day(day), 10, newCategory: false, transitions);
            }
            state = _rules.Advance(state, Rhythms.Day(30_000), transitions);
            StageHistory replayed = story.Until(30_000);
            Assert.Equal(replayed.Transitions, transitions);
            Assert.Equal(replayed.State, state);
        }
    }

    [Fact]
    public void Who_comes_back_leaves_dissolution_and_settles_again()
    {
        Story story = Regular().Bought(500);
        StageTransition back = story.Until(500).Transitions[^1];
        Assert.Equal((LifeCycleStage.Dissolution, LifeCycleStage.Expansion, Rhythms.Day(500)), (back.From, back.To, back.On));
        Assert.Equal("came back: bought again after 332 days", back.Reason);
        Assert.Equal(LifeCycleStage.Engagement, story.Bought(520).Bought(540).Bought(560).Until(560).State.Stage);
        // A look is not a purchase: the win-back goes on.
        Assert.Equal(LifeCycleStage.Dissolution, Regular().View(495).Until(500).State.Stage);
    }

    [Fact]
    public void Who_bought_once_is_dormant_when_hardly_more_is_expected()
    {
        StageHistory history = new Story().Bought(0).Until(1_000);
        StageTransition broken = history.Transitions[^1];
        Assert.Equal((LifeCycleStage.Awareness, LifeCycleStage.Dissolution), (broken.From, broken.To));
        // alpha (1 / 0.25 - 1) weeks.
        Assert.Equal(Rhythms.Day((int)Math.Ceiling(3 * 7 * 4.414)), broken.On);
        Assert.Equal("bought once, silent for 93 days; expected to buy 25 % as often as a new customer", broken.Reason);
        Assert.Equal(LifeCycleStage.Expansion, new Story().Bought(0).Bought(200).Until(200).State.Stage);
    }

    [Fact]
    public void Where_hardly_anybody_leaves_for_good_a_long_silence_is_still_a_broken_rhythm()
    {
        var loyal = new StageRules(new BgNbd(0.75, 9.4, 0.001, 1000), new LifeCycleOptions());
        StageHistory history = Regular().Until(900, loyal);
        Assert.Equal(LifeCycleStage.Dissolution, history.State.Stage);
        Assert.Matches("P\\(alive\\) 1.00, chance of such a silence 0.02", history.Transitions[^1].Reason);
    }

    [Fact]
    public void What_was_undone_did_not_happen_and_what_is_late_happened_when_it_did()
    {
        var story = new Story().Bought(0).Bought(30).Undo();
        Assert.Equal(LifeCycleStage.Awareness, story.Until(31).State.Stage);
        StageHistory late = new Story().Bought(60).Bought(0).View(61).Until(62), inTime = new Story().Bought(0).Bought(60).View(61).Until(62);
        Assert.Equal(inTime.Transitions, late.Transitions);
        Assert.Equal(inTime.State, late.State);
    }

    [Fact]
    public void A_clock_that_goes_back_sees_what_it_saw_before()
    {
        Story story = Regular();
        StageHistory before = story.Until(100);
        Assert.NotEqual(before.State, story.Until(900).State);
        Assert.Equal(before.Transitions, story.Until(100).Transitions);
        Assert.Equal(Rhythms.Day(84), before.State.Rhythm.Last);
    }

    [Fact]
    public void A_day_is_the_shops_day()
    {
        var berlin = new ShopCalendar(TimeZoneInfo.CreateCustomTimeZone("shop", TimeSpan.FromHours(1), null, null));
        DateTimeOffset late = new(2025, 3, 1, 23, 30, 0, TimeSpan.Zero);
        Assert.Equal(new DateOnly(2025, 3, 2), berlin.DayOf(late));
        Assert.Equal(new DateOnly(2025, 3, 1), ShopCalendar.Utc.DayOf(late.ToOffset(TimeSpan.FromHours(9))));
    }

    [Fact]
    public void Every_stage_has_a_definition_and_nobody_unknown_has_a_stage_to_explain()
    {
        Assert.Equal(5, Enum.GetValues<LifeCycleStage>().Select(StageDefinitions.Of).Distinct().Count());
        Assert.Equal("nothing is known of this person", _rules.Explain(new LifeCycleState(), Rhythms.Day(0)));
        Assert.Null(_rules.BreaksOn(new LifeCycleState()));
        Assert.Equal("has not bought; known since 2025-01-01", _rules.Explain(StageRules.Seen(new LifeCycleState(), Rhythms.Day(0)), Rhythms.Day(9)));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var error = Assert.Throws<System.ComponentModel.DataAnnotations.ValidationException>(() => new StageRules(BgNbd.Prior, new LifeCycleOptions { AliveThreshold = 1.5 }));
        Assert.Contains("AliveThreshold", error.Message);
    }

    // Every 21 days until day 168.
    private static Story Regular()
    {
        var story = new Story();
        for (int i = 0; i <= 8; i++) story.Bought(21 * i);
        return story;
    }

    /// <summary>What one person does, by day.</summary>
    private sealed class Story
    {
        private readonly List<ShopEvent> _events = [];
        private readonly List<DateTimeOffset> _introductions = [];

        public Story View(int day) => Add(day, EventTypes.View, "x");

        public Story Introduced(int day)
        {
            _introductions.Add(Noon(day));
            return this;
        }

        public Story Bought(int day, params string[] categories)
        {
            foreach (string category in categories.DefaultIfEmpty("x")) Add(day, EventTypes.Purchase, category);
            return this;
        }

        public Story Undo()
        {
            _events.Add(_events[^1] with { EventId = $"{_events.Count}", Type = EventTypes.Undo, ItemId = null, UndoesEventId = _events[^1].EventId });
            return this;
        }

        public StageHistory Until(int day, StageRules? rules = null) => StageReplay.Of(rules ?? _rules,
            new RelationshipEvidence(_events) { Introductions = _introductions }, item => item == "x" ? null : item, ShopCalendar.Utc, Noon(day));

        private Story Add(int day, string type, string item)
        {
            _events.Add(new ShopEvent { EventId = $"{_events.Count}", Type = type, Person = Person.Customer("c"), ItemId = item, Price = 10, Currency = "EUR", OccurredAt = Noon(day) });
            return this;
        }

        private static DateTimeOffset Noon(int day) => new(Rhythms.Day(day).ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
    }
}
