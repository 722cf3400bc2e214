using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Relationship;

namespace Recommender.Tests.Relationship;

public sealed class KeyAccountTests
{
    [Fact]
    public void No_smaller_set_makes_the_share_and_no_set_of_its_size_makes_more()
    {
        var random = new Random(5);
        for (int shop = 0; shop < 200; shop++)
        {
            CustomerMargin[] margins = [.. Enumerable.Range(0, random.Next(1, 12)).Select(i => new CustomerMargin($"c{i}", random.Next(-50, 100)))];
            decimal share = random.Next(1, 101) / 100m, made = margins.Sum(margin => Math.Max(0, margin.Margin));
            KeyAccounts found = KeyAccounts.Of(margins, share);
            int smallest = Enumerable.Range(0, 1 << margins.Length)
                .Where(set => margins.Where((_, i) => (set >> i & 1) == 1).Sum(margin => margin.Margin) >= share * made)
                .Min(set => int.PopCount(set));
            Assert.Equal(smallest, found.Accounts.Count);
            Assert.True(found.CoveredMargin >= share * made);
            Assert.Equal((made, found.Accounts.Sum(account => account.Margin)), (found.TotalMargin, found.CoveredMargin));
        }
    }

    [Fact]
    public void Equals_are_chosen_by_id_and_losses_do_not_count()
    {
        CustomerMargin[] margins = [new("d", -500), new("c", 10), new("a", 10), new("b", 10), new("e", 0)];
        Assert.Equal(["a", "b"], KeyAccounts.Of(margins, 0.5m).Accounts.Select(account => account.CustomerId));
        Assert.Equal(["a", "b", "c"], KeyAccounts.Of(margins, 1).Accounts.Select(account => account.CustomerId));
        Assert.Equal(30, KeyAccounts.Of(margins, 1).TotalMargin);
        Assert.Empty(KeyAccounts.Of([new("a", -1)], 0.5m).Accounts);
        Assert.Empty(KeyAccounts.Of([], 0.5m).Accounts);
    }

    [Fact]
    public void A_share_that_is_none_and_a_customer_twice_are_refused()
    {
        foreach (decimal share in (decimal[])[0, -0.1m, 1.01m]) Assert.Throws<ArgumentOutOfRangeException>(() => KeyAccounts.Of([], share));
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => KeyAccounts.Of([new("a", 1), new("a", 2)], 1)).Message);
    }

    [Fact]
    public void A_key_account_at_risk_is_handed_over_and_nobody_else()
    {
        var today = new DateOnly(2026, 6, 1);
        CustomerIssue issue = new(today.AddDays(-5), "return", "lamp", "");
        var calm = new HandOverEvidence(true, LifeCycleStage.Engagement, 0.9, 80, []);
        Assert.False(Decide(calm).ToPerson);
        Assert.Equal(["a key account with nothing amiss"], Decide(calm).Reasons);
        Assert.False(Decide(calm with { AliveProbability = null, Satisfaction = null }).ToPerson);
        Assert.Equal(["a key account whose rhythm is broken"], Decide(calm with { Stage = LifeCycleStage.Dissolution, AliveProbability = 0.1 }).Reasons);
        Assert.Equal(["a key account with P(alive) 0.20"], Decide(calm with { AliveProbability = 0.2 }).Reasons);
        Assert.Equal(["satisfaction is 31, below 50"], Decide(calm with { Satisfaction = 31 }).Reasons);
        Assert.Equal(["1 issue in the last 30 days, the last a return"], Decide(calm with { Issues = [issue, issue with { On = today.AddDays(-31) }] }).Reasons);
        Assert.False(Decide(new(false, LifeCycleStage.Dissolution, 0.1, 5, [issue])).ToPerson);

        HandOverDecision Decide(HandOverEvidence evidence) => HandOver.Decide(evidence, new HandOverOptions(), today);
    }

    [Fact]
    public void A_briefing_says_tastes_issues_and_three_offers_without_what_went_wrong()
    {
        DateTimeOffset now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        ShopEvent bought = new() { EventId = "1", Type = EventTypes.Purchase, Person = Person.Customer("c"), ItemId = "lamp", OccurredAt = now.AddDays(-9) };
        ShopEvent[] events = [bought, bought with { EventId = "2", Type = EventTypes.Return, Quantity = 2, OccurredAt = now.AddDays(-3) },
            bought with { EventId = "3", Type = EventTypes.Rating, Rating = 1, ItemId = "vase", OccurredAt = now.AddDays(-1) },
            bought with { EventId = "4", Type = EventTypes.Rating, Rating = 5, ItemId = "bowl", OccurredAt = now.AddDays(-1) }];
        var issues = CustomerIssue.Of(events, ShopCalendar.Utc, now);
        Assert.Equal([new(new(2026, 5, 31), "low rating", "vase", "gave 1 of 5 stars"), new(new(2026, 5, 29), "return", "lamp", "brought back 2")], issues);

        var briefing = Briefing.Of("c", new HandOverDecision(true, ["why"]), LifeCycleStage.Engagement, "bought every 9 days",
            [new("glass", 0.2), new("light", 0.7)], issues, new[] { "lamp", "bowl", "vase", "cup", "jug", "pot" }.Select(id => new BriefingOffer(id, id, "because")));
        Assert.Equal(["light", "glass"], briefing.Tastes.Select(taste => taste.Name));
        Assert.Equal(["bowl", "cup", "jug"], briefing.Offers.Select(offer => offer.ItemId));
        Assert.Equal(issues, briefing.LastIssues);
    }
}
