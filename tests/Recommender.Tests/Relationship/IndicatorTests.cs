using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Tests.Relationship;

public sealed class IndicatorTests
{
    private static readonly IndicatorOptions _options = new();
    private static readonly Indicators _indicators = new(_options);
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly _today = new(2026, 6, 1);

    [Fact]
    public void Nothing_known_is_unknown_and_not_fifty()
    {
        RelationshipSummary nobody = Summary(new([]));
        Assert.Null(_indicators.Satisfaction(nobody, _today));
        Assert.Null(_indicators.Intensity(nobody, _today));
        Assert.Empty(_indicators.ExplainSatisfaction(nobody, _today).Parts);
        // Buying and keeping is no praise: only of closeness it speaks.
        RelationshipSummary buyer = Summary(new([Did(EventTypes.Purchase, 3)]));
        Assert.Null(_indicators.Satisfaction(buyer, _today));
        Assert.NotNull(_indicators.Intensity(buyer, _today));
    }

    [Fact]
    public void Answers_ratings_returns_and_complaints_make_satisfaction()
    {
        ShopEvent[] stars = [Did(EventTypes.Purchase, 20), Did(EventTypes.Rating, 5, rating: 5)];
        double happy = Satisfied(new(stars));
        Assert.Equal(100, happy, 1e-9);
        Assert.True(Satisfied(new([.. stars, Did(EventTypes.Return, 4)])) < happy);
        Assert.True(Satisfied(new(stars) { Complaints = [_now.AddDays(-3)] }) < 60);
        Assert.True(Satisfied(new(stars) { Complaints = [_now.AddDays(-300)] }) > Satisfied(new(stars) { Complaints = [_now.AddDays(-3)] }));
        Assert.True(Satisfied(new(stars) { SatisfactionAnswers = [new(_now.AddDays(-9), 0.1)] }) < 50);
        Assert.Equal(30, Satisfied(new([]) { SatisfactionAnswers = [new(_now.AddDays(-9), 0.3)] }), 1e-5);
        // The newer of two answers weighs more.
        Assert.True(Satisfied(new([]) { SatisfactionAnswers = [new(_now.AddDays(-9), 0.9), new(_now.AddDays(-200), 0.1)] }) > 60);

        static double Satisfied(RelationshipEvidence evidence) => _indicators.Satisfaction(Summary(evidence), _today)!.Value;
    }

    [Fact]
    public void Recency_frequency_breadth_and_reciprocity_make_intensity()
    {
        ShopEvent[] once = [Did(EventTypes.Purchase, 30)];
        double little = Close(new(once));
        Assert.True(Close(new([Did(EventTypes.Purchase, 2)])) > little);
        Assert.True(Close(new([.. Enumerable.Range(0, 8).Select(i => Did(EventTypes.View, 100 - 10 * i))])) > little);
        Assert.True(Close(new([.. once, Did(EventTypes.Purchase, 30, item: "poetry", channel: "store")])) > little);
        Assert.True(Close(new([.. once]) { Contacts = Contacts(answered: 5) }) > little);
        Assert.True(Close(new([.. once]) { Contacts = Contacts(answered: 0) }) < little);
        Assert.True(Close(new([Did(EventTypes.Purchase, 30, recommendation: "r1")])) > little);

        static double Close(RelationshipEvidence evidence) => _indicators.Intensity(Summary(evidence), _today)!.Value;
        static RelationshipContact[] Contacts(int answered) => [.. Enumerable.Range(0, 5).Select(i => new RelationshipContact(_now.AddDays(-31 - i), i < answered))];
    }

    [Fact]
    public void Silence_within_ones_own_rhythm_costs_less_recency()
    {
        RelationshipSummary yearly = Summary(new([Did(EventTypes.Purchase, 1_130), Did(EventTypes.Purchase, 765), Did(EventTypes.Purchase, 400), Did(EventTypes.Purchase, 60)]));
        RelationshipSummary single = Summary(new([Did(EventTypes.Purchase, 60)]));
        Assert.True(Recency(yearly) > Recency(single) + 0.4);

        static double Recency(RelationshipSummary person) => _indicators.ExplainIntensity(person, _today).Parts.Single(part => part.Name == "recency").Value;
    }

    [Fact]
    public void The_parts_add_up_to_the_score_and_every_value_is_between_0_and_1()
    {
        var random = new Random(7);
        string[] types = [EventTypes.Purchase, EventTypes.Return, EventTypes.View, EventTypes.Rating];
        for (int person = 0; person < 300; person++)
        {
            var evidence = new RelationshipEvidence([.. Enumerable.Range(0, random.Next(20)).Select(_ => types[random.Next(4)])
                .Select(type => Did(type, random.Next(900), rating: type == EventTypes.Rating ? random.Next(6) : null))])
            {
                Complaints = [.. Enumerable.Range(0, random.Next(3)).Select(_ => _now.AddDays(-random.Next(900)))],
                SatisfactionAnswers = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new SatisfactionAnswer(_now.AddDays(-random.Next(900)), random.NextDouble()))],
                Contacts = [.. Enumerable.Range(0, random.Next(9)).Select(_ => new RelationshipContact(_now.AddDays(-random.Next(900)), random.Next(3) == 0))],
            };
            RelationshipSummary summary = Summary(evidence);
            foreach (DateOnly on in (DateOnly[])[_today, _today.AddDays(40), _today.AddDays(4_000), _today.AddDays(-50)])
            {
                Check(_indicators.ExplainSatisfaction(summary, on), _indicators.Satisfaction(summary, on));
                Check(_indicators.ExplainIntensity(summary, on), _indicators.Intensity(summary, on));
            }
        }

        static void Check(Indicator explained, double? score)
        {
            Assert.Equal(score, explained.Score);
            if (score is null) return;
            Assert.InRange(score.Value, 0, 100);
            Assert.Equal(score.Value, explained.Parts.Sum(part => part.Points), 1e-6);
            Assert.Equal(1, explained.Parts.Sum(part => part.Weight), 1e-9);
            Assert.All(explained.Parts, part => Assert.True(part.Value is >= 0 and <= 1 && part.Sentence.Length > 0));
        }
    }

    [Fact]
    public void A_summary_kept_for_a_month_says_what_the_events_say()
    {
        var evidence = new RelationshipEvidence([Did(EventTypes.Purchase, 200), Did(EventTypes.Purchase, 90), Did(EventTypes.Return, 80), Did(EventTypes.Rating, 70, rating: 3)])
        {
            Complaints = [_now.AddDays(-60)],
            Contacts = [new(_now.AddDays(-50), true), new(_now.AddDays(-45), false)],
        };
        RelationshipSummary old = Summary(evidence, _now.AddDays(-30)), fresh = Summary(evidence);
        Assert.Equal(_indicators.Satisfaction(fresh, _today)!.Value, _indicators.Satisfaction(old, _today)!.Value, 1e-4);
        Assert.Equal(_indicators.Intensity(fresh, _today)!.Value, _indicators.Intensity(old, _today)!.Value, 1e-4);
    }

    [Fact]
    public void What_lies_ahead_or_was_undone_does_not_count()
    {
        ShopEvent back = Did(EventTypes.Return, 4);
        var undone = new ShopEvent { EventId = "u", Type = EventTypes.Undo, Person = Person.Customer("c"), UndoesEventId = back.EventId, OccurredAt = _now };
        Assert.Null(_indicators.Satisfaction(Summary(new([Did(EventTypes.Purchase, 9), back, undone])), _today));
        Assert.Null(_indicators.Satisfaction(Summary(new([]) { Complaints = [_now.AddHours(1)] }), _today));
    }

    [Fact]
    public void A_score_that_is_none_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Summary(new([]) { SatisfactionAnswers = [new(_now, 1.5)] }));
        Assert.Contains("1.5", error.Message);
    }

    private static RelationshipSummary Summary(RelationshipEvidence evidence, DateTimeOffset? now = null) => RelationshipSummary.Of(evidence,
        new StageRules(BgNbd.Prior, new LifeCycleOptions()), _options, item => item, ShopCalendar.Utc, now ?? _now).Summary;

    private static ShopEvent Did(string type, int daysAgo, double? rating = null, string item = "crime", string channel = "web", string? recommendation = null) => new()
    {
        EventId = $"{type} {daysAgo} {item}",
        Type = type,
        Person = Person.Customer("c"),
        ItemId = item,
        Rating = rating,
        Channel = channel,
        RecommendationId = recommendation,
        OccurredAt = _now.AddDays(-daysAgo),
    };
}
