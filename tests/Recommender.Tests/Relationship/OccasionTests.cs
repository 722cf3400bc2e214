using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Tests.Relationship;

public sealed class OccasionTests
{
    private static readonly Occasions _occasions = new(ItemIntervals.Empty, new OccasionOptions());

    [Theory]
    [InlineData("1980-12-24", "2026-12-10", 14, "2026-12-24", "birthday in 14 days")]
    [InlineData("1980-12-24", "2026-12-09", 14, null, null)]
    [InlineData("1980-12-24", "2026-12-24", 0, "2026-12-24", "birthday today")]
    [InlineData("1980-01-02", "2026-12-30", 5, "2027-01-02", "birthday in 3 days")]
    [InlineData("1984-02-29", "2027-02-27", 5, "2027-02-28", "birthday tomorrow")]
    [InlineData("1984-02-29", "2028-02-27", 5, "2028-02-29", "birthday in 2 days")]
    [InlineData("1984-03-01", "2028-02-29", 5, "2028-03-01", "birthday tomorrow")]
    public void A_birthday_comes_up_with_lead_time_once_a_year(string born, string today, int within, string? on, string? reason)
    {
        var due = _occasions.Due(new OccasionEvidence { Birthday = DateOnly.Parse(born) }, DateOnly.Parse(today), within);
        if (on is null) Assert.Empty(due);
        else Assert.Equal(new Occasion(OccasionKind.Birthday, DateOnly.Parse(on), "birthday", null, reason!), Assert.Single(due));
    }

    [Fact]
    public void Every_day_of_four_years_has_the_birthday_ahead_exactly_once()
    {
        foreach (DateOnly born in (DateOnly[])[new(1984, 2, 29), new(1990, 12, 31), new(1990, 1, 1)])
        {
            var days = Enumerable.Range(0, 1_461).SelectMany(day => _occasions.Due(new OccasionEvidence { Birthday = born }, new DateOnly(2025, 1, 1).AddDays(day), 0)).ToList();
            Assert.Equal([2025, 2026, 2027, 2028], days.Select(occasion => occasion.On.Year));
        }
    }

    [Fact]
    public void The_first_purchase_has_no_anniversary_on_its_own_day()
    {
        var customer = new OccasionEvidence { FirstPurchase = new(2024, 5, 6) };
        Assert.Empty(_occasions.Due(customer, new(2024, 5, 6), 30));
        Assert.Equal("one year since the first purchase in 5 days", Assert.Single(_occasions.Due(customer, new(2025, 5, 1), 30)).Reason);
        Assert.Equal("2 years since the first purchase today", Assert.Single(_occasions.Due(customer, new(2026, 5, 6), 30)).Reason);
    }

    [Fact]
    public void A_named_date_comes_every_year_or_once()
    {
        var customer = new OccasionEvidence { Dates = [new("wedding day", new(2020, 7, 1)), new("moving", new(2026, 7, 2), Yearly: false), new("christening", new(2027, 7, 3))] };
        Assert.Equal(["wedding day", "moving"], _occasions.Due(customer, new(2026, 6, 30), 10).Select(occasion => occasion.Name));
        Assert.Equal(["wedding day", "christening"], _occasions.Due(customer, new(2027, 6, 30), 10).Select(occasion => occasion.Name));
    }

    [Fact]
    public void What_is_used_up_by_ones_own_rhythm_is_due_again()
    {
        var customer = new OccasionEvidence { Items = Items((0, "coffee"), (20, "coffee"), (41, "coffee"), (62, "coffee"), (10, "novel"), (60, "novel")) };
        Occasion coffee = Assert.Single(_occasions.Due(customer, Day(76), 7));
        Assert.Equal((OccasionKind.Replenishment, "coffee", Day(83)), (coffee.Kind, coffee.ItemId, coffee.On));
        Assert.Equal("bought 4 times, every 21 days, last on 2025-03-04", coffee.Reason);
        Assert.Empty(_occasions.Due(customer, Day(75), 7));
        Assert.Equal(Day(83), Assert.Single(_occasions.Due(customer, Day(93), 7)).On);
        Assert.Empty(_occasions.Due(customer, Day(94), 7));
    }

    [Fact]
    public void Who_has_no_rhythm_yet_is_reminded_by_everybodys_of_consumables_only()
    {
        var people = Enumerable.Range(0, 10).Select(i => Items((0, "coffee"), (25 + i, "coffee"), (i, "novel"))).ToList();
        people.AddRange(Enumerable.Range(0, 5).Select(i => Items((0, "bestseller"), (9, "bestseller"))));
        people.AddRange(Enumerable.Range(0, 40).Select(_ => Items((0, "bestseller"))));
        var intervals = ItemIntervals.Of(people, new OccasionOptions());
        Assert.Equal(["coffee"], intervals.Items.Keys);
        Assert.Equal(new ConsumableItem(29.5, 10, 10), intervals.Items["coffee"]);

        var due = new Occasions(intervals, new OccasionOptions()).Due(new OccasionEvidence { Items = Items((100, "coffee"), (100, "novel")) }, Day(125), 7);
        Assert.Equal("customers buy it again after 29.5 days, last on 2025-04-11", Assert.Single(due).Reason);
        Assert.Equal(Day(130), due[0].On);
    }

    [Fact]
    public void What_came_back_or_was_undone_is_not_used_up()
    {
        ShopEvent[] events = [Bought(0, "tea"), Bought(20, "tea"), Bought(40, "tea"), Bought(60, "tea"),
            Bought(60, "tea") with { EventId = "r", Type = EventTypes.Return }, Bought(70, "tea") with { EventId = "wrong" },
            new() { EventId = "u", Type = EventTypes.Undo, Person = Person.Customer("c"), UndoesEventId = "wrong", OccurredAt = Noon(71) }];
        Assert.Equal([Day(0), Day(20), Day(40)], Assert.Single(ItemPurchases.Of(events, ShopCalendar.Utc, Noon(99))).Days);
        Assert.Equal([Day(0), Day(20)], Assert.Single(ItemPurchases.Of(events, ShopCalendar.Utc, Noon(21))).Days);
    }

    [Fact]
    public void Occasions_come_soonest_first_and_the_lead_time_has_bounds()
    {
        var customer = new OccasionEvidence { Birthday = new(1990, 3, 9), Dates = [new("b", new(2020, 3, 5)), new("a", new(2020, 3, 5))] };
        Assert.Equal(["a", "b", "birthday"], _occasions.Due(customer, new(2026, 3, 1), 14).Select(occasion => occasion.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => _occasions.Due(customer, new(2026, 3, 1), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _occasions.Due(customer, new(2026, 3, 1), 367));
    }

    private static IReadOnlyList<ItemPurchases> Items(params (int Day, string Item)[] purchases) =>
        ItemPurchases.Of([.. purchases.Select(purchase => Bought(purchase.Day, purchase.Item))], ShopCalendar.Utc, Noon(1_000));

    private static ShopEvent Bought(int day, string item) => new()
    {
        EventId = $"{day} {item}",
        Type = EventTypes.Purchase,
        Person = Person.Customer("c"),
        ItemId = item,
        OccurredAt = Noon(day),
    };

    private static DateOnly Day(int number) => new DateOnly(2025, 1, 1).AddDays(number);

    private static DateTimeOffset Noon(int day) => new(Day(day).ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
}
