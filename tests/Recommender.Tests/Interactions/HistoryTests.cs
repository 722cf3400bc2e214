using Recommender.Interactions;

namespace Recommender.Tests.Interactions;

public sealed class HistoryTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ConfidenceOptions _options = new() { HalfLifeDays = 0, QuantityExponent = 0 };
    private int _events;

    private ShopEvent Event(string type, string? item = "book", double quantity = 1, double? rating = null, string? undoes = null, double daysAgo = 0) => new()
    {
        EventId = $"e{_events++}",
        Type = type,
        Person = Person.Customer("ada"),
        ItemId = item,
        Quantity = quantity,
        Rating = rating,
        UndoesEventId = undoes,
        OccurredAt = _now.AddDays(-daysAgo),
    };

    private static HistoryEntry Only(ConfidenceOptions options, params ShopEvent[] events) => Assert.Single(History.Of(events, options, _now).Entries);

    [Fact]
    public void What_a_customer_did_with_an_item_adds_up()
    {
        HistoryEntry entry = Only(_options, Event("view"), Event("view"), Event("cart_add"), Event("purchase"));
        Assert.Equal(0.2 + 0.2 + 0.5 + 1, entry.Confidence, 1e-6);
        Assert.Equal("purchase", entry.StrongestEventType);
        Assert.True(entry.Bought);
    }

    [Fact]
    public void A_return_takes_its_purchase_back()
    {
        HistoryEntry entry = Only(_options, Event("view"), Event("purchase"), Event("return"));
        Assert.Equal(0.2, entry.Confidence, 1e-6);
        Assert.Equal("view", entry.StrongestEventType);
        Assert.False(entry.Bought);
    }

    [Fact]
    public void A_return_of_half_the_units_takes_half_the_confidence_back()
    {
        HistoryEntry entry = Only(_options, Event("purchase", quantity: 4), Event("return", quantity: 2));
        Assert.Equal(0.5, entry.Confidence, 1e-6);
        Assert.True(entry.Bought);
    }

    [Fact]
    public void A_return_of_what_was_never_bought_changes_nothing() =>
        Assert.Equal(0.2, Only(_options, Event("return"), Event("view")).Confidence, 1e-6);

    [Fact]
    public void Taking_out_of_the_cart_and_unliking_take_back_their_own_kind_only()
    {
        Assert.Equal(0.2, Only(_options, Event("view"), Event("cart_add"), Event("cart_remove")).Confidence, 1e-6);
        Assert.Equal(0.5, Only(_options, Event("like"), Event("cart_add"), Event("unlike")).Confidence, 1e-6);
    }

    [Fact]
    public void The_newest_opinion_counts_and_a_dislike_or_a_hide_speaks_against()
    {
        Assert.Equal(1, Only(_options, Event("rating", rating: 1), Event("rating", rating: 5)).Confidence, 1e-6);
        HistoryEntry disliked = Only(_options, Event("like"), Event("dislike"));
        Assert.Equal(-1, disliked.Confidence, 1e-6);
        Assert.True(disliked.Rejected);
        Assert.Equal("dislike", disliked.StrongestEventType);
        Assert.True(Only(_options, Event("purchase"), Event("hide")).Rejected);
        Assert.False(Only(_options, Event("dislike"), Event("like")).Rejected);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(4, 1)]
    [InlineData(3, 0)]
    [InlineData(2, -1)]
    [InlineData(0.5, -1)]
    public void Ratings_speak_for_or_against_by_the_scale(double stars, double confidence) =>
        Assert.Equal(confidence, Only(_options, Event("rating", rating: stars)).Confidence, 1e-6);

    [Fact]
    public void An_undone_event_is_as_if_it_had_not_happened()
    {
        ShopEvent hide = Event("hide");
        HistoryEntry entry = Only(_options, Event("view"), hide, Event("undo", item: null, undoes: hide.EventId));
        Assert.Equal(0.2, entry.Confidence, 1e-6);
        Assert.False(entry.Rejected);
        ShopEvent purchase = Event("purchase");
        Assert.Empty(History.Of([purchase, Event("undo", item: null, undoes: purchase.EventId)], _options, _now).Entries);
    }

    [Fact]
    public void An_undo_can_be_undone()
    {
        ShopEvent purchase = Event("purchase"), undo = Event("undo", item: null, undoes: purchase.EventId);
        Assert.True(Only(_options, purchase, undo, Event("undo", item: null, undoes: undo.EventId)).Bought);
    }

    [Fact]
    public void Confidence_halves_with_every_half_life_and_a_clock_ahead_gains_nothing()
    {
        ConfidenceOptions fading = _options with { HalfLifeDays = 30 };
        Assert.Equal(0.25, Only(fading, Event("purchase", daysAgo: 60)).Confidence, 1e-6);
        Assert.Equal(1, Only(fading, Event("purchase", daysAgo: -60)).Confidence, 1e-6);
    }

    [Fact]
    public void More_units_teach_more_up_to_the_limit()
    {
        ConfidenceOptions counting = _options with { QuantityExponent = 0.5, QuantityLimit = 2.5 };
        Assert.Equal(2, Only(counting, Event("purchase", quantity: 4)).Confidence, 1e-6);
        Assert.Equal(2.5, Only(counting, Event("purchase", quantity: 400)).Confidence, 1e-6);
    }

    [Fact]
    public void A_page_opened_a_hundred_times_stays_one_interest() =>
        Assert.Equal(_options.ConfidenceLimit, Only(_options, [.. Enumerable.Range(0, 100).Select(_ => Event("view"))]).Confidence, 1e-6);

    [Fact]
    public void What_has_decayed_to_nothing_says_nothing_instead_of_breaking_the_arithmetic() =>
        Assert.Equal(0, Only(_options with { HalfLifeDays = 1 }, Event("purchase") with { OccurredAt = _now.AddDays(-140) }).Confidence);

    [Fact]
    public void A_type_without_a_weight_is_named_with_the_nearest_known_one_and_teaches_nothing()
    {
        Assert.Contains("did you mean \"purchase\"?", _options.ProblemWith("purchse"), StringComparison.Ordinal);
        Assert.Equal(0, Only(_options, Event("purchse")).Confidence);
        ConfidenceOptions own = _options with { Weights = _options.Weights.Add("add_to_wishlist", 0.7) };
        Assert.Null(own.ProblemWith("add_to_wishlist"));
        Assert.Equal(0.7, Only(own, Event("add_to_wishlist")).Confidence, 1e-6);
    }

    [Fact]
    public void An_event_without_an_item_is_refused_with_its_id()
    {
        ShopEvent nothing = Event("view", item: null);
        Assert.Contains($"'{nothing.EventId}'", Assert.Throws<ArgumentException>(() => History.Of([nothing], _options, _now)).Message, StringComparison.Ordinal);
    }
}
