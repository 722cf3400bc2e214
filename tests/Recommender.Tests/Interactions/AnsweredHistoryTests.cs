using Recommender.Interactions;
using Recommender.Questionnaires;

namespace Recommender.Tests.Interactions;

public sealed class AnsweredHistoryTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ConfidenceOptions _options = new() { HalfLifeDays = 0 };
    private static readonly string _crime = AnswerColumns.KeyOf("onboarding", "genre", "crime");
    private static readonly string _garden = AnswerColumns.KeyOf("onboarding", "genre", "garden");
    private int _events;

    [Fact]
    public void Every_option_chosen_speaks_for_its_column()
    {
        var entries = Of(Picks("crime", "garden"));
        Assert.Equal([(_crime, 1f, "answer"), (_garden, 1f, "answer")], entries.Select(entry => (entry.ItemId, entry.Confidence, entry.StrongestEventType)));
    }

    [Fact]
    public void Of_several_answers_to_a_question_the_newest_stands() => Assert.Equal(_garden, Assert.Single(Of(Picks("crime"), Picks("garden"))).ItemId);

    [Fact]
    public void A_newer_version_of_the_questionnaire_asks_the_same_question() =>
        Assert.Equal(_garden, Assert.Single(Of(Picks("crime"), Said(new Answer("onboarding", 2, "genre", AnswerKind.Given) { Value = new AnswerValue.Choice(["garden"]) }))).ItemId);

    [Theory]
    [InlineData(AnswerKind.Withdrawn)]
    [InlineData(AnswerKind.Declined)]
    public void An_answer_taken_back_or_declined_says_nothing_more(AnswerKind kind) => Assert.Empty(Of(Picks("crime"), Without(kind)));

    [Fact]
    public void Passing_over_a_question_leaves_what_was_said_before() => Assert.Equal(_crime, Assert.Single(Of(Picks("crime"), Without(AnswerKind.Skipped))).ItemId);

    [Fact]
    public void An_answer_undone_as_an_event_brings_the_one_before_back()
    {
        ShopEvent second = Picks("garden");
        ShopEvent undo = new() { EventId = "undo", Type = EventTypes.Undo, Person = second.Person, UndoesEventId = second.EventId, OccurredAt = _now };
        Assert.Equal(_crime, Assert.Single(Of(Picks("crime"), second, undo)).ItemId);
    }

    [Fact]
    public void Opinions_on_items_speak_for_and_against_them_and_what_is_not_known_stays_new()
    {
        var entries = Of(Said(new Answer("onboarding", 1, "books", AnswerKind.Given)
        {
            Value = new AnswerValue.Items([new("liked", Opinion.Likes), new("disliked", Opinion.Dislikes), new("unknown", Opinion.Unfamiliar)]),
        })).ToDictionary(entry => entry.ItemId);
        Assert.True(entries["liked"].Confidence > 0);
        Assert.True(entries["disliked"].Rejected);
        Assert.True(entries["unknown"] is { Unfamiliar: true, Rejected: false, Confidence: 0 });
    }

    [Fact]
    public void What_somebody_has_bought_is_not_unknown_to_them_whatever_they_clicked()
    {
        ShopEvent bought = new() { EventId = "b", Type = EventTypes.Purchase, Person = Person.Customer("ada"), ItemId = "book", OccurredAt = _now };
        ShopEvent shown = Said(new Answer("onboarding", 1, "books", AnswerKind.Given) { Value = new AnswerValue.Items([new("book", Opinion.Unfamiliar)]) });
        Assert.True(Assert.Single(Of(bought, shown)) is { Unfamiliar: false, Bought: true, Confidence: 1 });
    }

    [Fact]
    public void A_gift_and_a_complaint_say_nothing_of_the_giver()
    {
        ShopEvent gift = new() { EventId = "g", Type = EventTypes.Purchase, Person = Person.Customer("ada"), ItemId = "book", OccurredAt = _now, IsGift = true };
        ShopEvent complaint = new() { EventId = "c", Type = EventTypes.Complaint, Person = Person.Customer("ada"), ItemId = "book", OccurredAt = _now, Text = "torn" };
        Assert.Empty(Of(gift, complaint));
    }

    [Fact]
    public void A_training_set_hears_answers_as_a_history_does()
    {
        ShopEvent[] events = [Picks("crime"), Picks("garden"), Without(AnswerKind.Skipped)];
        var builder = new TrainingSetBuilder(_options, _now);
        foreach (ShopEvent happened in events) builder.Add(happened);
        TrainingSet set = builder.Build();

        Assert.Equal(1, set.Matrix.Count);
        Assert.True(set.Items.TryGetNumber(_garden, out int column));
        Assert.Equal(column, set.Matrix.Row(0).Columns[0]);
    }

    private System.Collections.Immutable.ImmutableArray<HistoryEntry> Of(params ShopEvent[] events) => History.Of(events, _options, _now).Entries;

    private ShopEvent Picks(params string[] options) => Said(new Answer("onboarding", 1, "genre", AnswerKind.Given) { Value = new AnswerValue.Choice([.. options]) });

    private ShopEvent Without(AnswerKind kind) => Said(new Answer("onboarding", 1, "genre", kind));

    private ShopEvent Said(Answer answer) =>
        new() { EventId = $"a{_events++}", Type = EventTypes.Answer, Person = Person.Customer("ada"), OccurredAt = _now, Answer = answer };
}
