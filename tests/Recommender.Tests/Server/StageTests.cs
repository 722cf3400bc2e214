using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class StageTests : IAsyncLifetime
{
    private readonly PlantedShop _shop = new();

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        await _shop.Scenarios.UpsertScenarioAsync(new() { Scenario = Home });
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    private static Scenario Home => new()
    {
        ScenarioId = "home",
        Stages =
        {
            ["exploration"] = new StageBehaviour { Explore = 1 },
            ["dissolution"] = new StageBehaviour { BringBack = { BringBack.LeftInCart, BringBack.Replenish, BringBack.NewSinceLastVisit }, Filter = "item.price < 24.0" },
        },
        Guardrails =
        {
            new Guardrail { Indicator = "satisfaction", Below = 40, Filter = "item.price < 10.0", HandOver = true },
            new Guardrail { Indicator = "satisfaction", Below = 10, StaySilent = true },
        },
    };

    [Fact]
    public async Task Somebody_dormant_is_brought_back_by_their_cart_and_by_what_is_new()
    {
        await BuyEveryTenDaysAsync("dora", 5);
        await _shop.RecordAsync(new Event { EventId = "dora-cart", Type = "cart_add", CustomerId = "dora", ItemId = Crime(9) },
            new Event { EventId = "dora-taken-out", Type = "cart_add", CustomerId = "dora", ItemId = Crime(8) },
            new Event { EventId = "dora-out", Type = "cart_remove", CustomerId = "dora", ItemId = Crime(8) });
        var before = await AskAsync("dora");
        Assert.NotEqual("dissolution", before.Stage);
        Assert.DoesNotContain(before.Items, item => item.ItemId == Crime(9));

        _shop.Clock.Advance(TimeSpan.FromDays(300));
        await _shop.Catalog.UpsertItemsAsync(new() { Items = { New("crime-new", "crime", 5), New("crime-dear", "crime", 99) } });
        var dormant = await AskAsync("dora");

        Assert.Equal("dissolution", dormant.Stage);
        Assert.Equal([(Crime(9), "cart", "you left it in your cart"), ("crime-new", "new", "new since your last visit")],
            dormant.Items.Take(2).Select(item => (item.ItemId, item.Source, item.Reasons.Single().Text)));
        Assert.All(dormant.Items.Skip(2), item => Assert.Equal("personalised", item.Source));
        Assert.DoesNotContain(dormant.Items, item => item.ItemId == "crime-dear"); // the stage's filter
        Assert.Equal(dormant.Items.Select(item => item.ItemId), dormant.Items.Select(item => item.ItemId).Distinct());
    }

    [Fact]
    public async Task What_a_caller_excludes_does_not_come_first_either()
    {
        await BuyEveryTenDaysAsync("excludes", 5);
        await _shop.RecordAsync(new Event { EventId = "ex-cart", Type = "cart_add", CustomerId = "excludes", ItemId = Crime(9) });
        _shop.Clock.Advance(TimeSpan.FromDays(300));
        await _shop.Catalog.UpsertItemsAsync(new() { Items = { New("crime-fresh", "crime", 5) } });

        var answer = await _shop.RecommendAsync(new() { CustomerId = "excludes", Scenario = "home", Count = 6, ExcludeItemIds = { Crime(9), "crime-fresh" } });

        Assert.All(answer.Items, item => Assert.Equal("personalised", item.Source));
    }

    [Fact]
    public async Task What_was_rejected_does_not_come_back_even_from_the_cart()
    {
        await BuyEveryTenDaysAsync("rejects", 5);
        await _shop.RecordAsync(new Event { EventId = "rj-cart", Type = "cart_add", CustomerId = "rejects", ItemId = Crime(9) },
            new Event { EventId = "rj-hide", Type = "hide", CustomerId = "rejects", ItemId = Crime(9) });
        _shop.Clock.Advance(TimeSpan.FromDays(300));

        Assert.DoesNotContain((await AskAsync("rejects")).Items, item => item.ItemId == Crime(9));
    }

    [Fact]
    public async Task Nobody_sells_up_to_the_unhappy_and_a_person_takes_over()
    {
        await BuyEveryTenDaysAsync("unhappy", 4);
        Assert.Contains((await AskAsync("unhappy", count: 15)).Items, item => Number(item) >= 5);
        await _shop.RecordAsync(new Event { EventId = "bad", Type = "rating", CustomerId = "unhappy", ItemId = Crime(1), Rating = 1 },
            new Event { EventId = "angry", Type = "complaint", CustomerId = "unhappy", Text = "It came torn." });

        var answer = await AskAsync("unhappy", count: 15);

        Assert.NotEmpty(answer.Items);
        Assert.All(answer.Items, item => Assert.True(Number(item) < 5)); // the price is 5 and the number
        Assert.Contains("satisfaction is ", answer.HandOver, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exploring_shows_a_newcomer_other_items_than_what_surely_fits_and_the_same_to_everybody_else()
    {
        await _shop.RecordAsync(new Event { EventId = "look", Type = "view", VisitorId = "newcomer", ItemId = Crime(3) });
        var surely = await _shop.RecommendAsync(new() { VisitorId = "newcomer", Count = 8 });
        var explored = await _shop.RecommendAsync(new() { VisitorId = "newcomer", Count = 8, Scenario = "home" });

        Assert.Equal("exploration", explored.Stage);
        Assert.All(surely.Items, item => Assert.StartsWith("crime-", item.ItemId));
        Assert.Contains(explored.Items, item => item.ItemId.StartsWith("garden-", StringComparison.Ordinal));
        var settled = await AskAsync("crime-reader-7", count: 8);
        Assert.Equal((await _shop.RecommendAsync(new() { CustomerId = "crime-reader-7", Count = 8 })).Items.Select(item => item.ItemId), settled.Items.Select(item => item.ItemId));
    }

    [Fact]
    public async Task A_scenario_comes_back_as_it_was_stored_also_after_a_restart()
    {
        var stored = await _shop.Scenarios.GetScenarioAsync(new() { ScenarioId = "home" });
        Assert.Equal(Home.Stages, stored.Stages);
        Assert.Equal(Home.Guardrails, stored.Guardrails);

        await _shop.StopAsync();
        await _shop.StartAsync();

        Assert.Equal(stored, await _shop.Scenarios.GetScenarioAsync(new() { ScenarioId = "home" }));
    }

    [Fact]
    public async Task A_scenario_that_cannot_work_is_refused_with_everything_that_is_wrong()
    {
        var wrong = new Scenario
        {
            ScenarioId = "wrong",
            Stages = { ["disolution"] = new StageBehaviour(), ["engagement"] = new StageBehaviour { Explore = 2 } },
            Guardrails = { new Guardrail { Indicator = "mood", Below = 200 } },
            Rotation = new Rotation { RestDays = 0 },
        };

        var refused = await Assert.ThrowsAsync<RpcException>(() => _shop.Scenarios.UpsertScenarioAsync(new() { Scenario = wrong }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("more", refused.Status.Detail, StringComparison.Ordinal);
        var filter = await Assert.ThrowsAsync<RpcException>(() => _shop.Scenarios.UpsertScenarioAsync(
            new() { Scenario = new Scenario { ScenarioId = "typo", Stages = { ["awareness"] = new StageBehaviour { Filter = "item.prize < 3.0" } } } }).ResponseAsync);
        Assert.Contains("did you mean item.price?", filter.Status.Detail, StringComparison.Ordinal);
    }

    private Task<RecommendResponse> AskAsync(string customer, int count = 6) => _shop.RecommendAsync(new() { CustomerId = customer, Scenario = "home", Count = count });

    private Task BuyEveryTenDaysAsync(string customer, int times) => _shop.RecordAsync([.. Enumerable.Range(0, times).Select(n =>
    {
        var bought = Purchase($"{customer}-{n}", customer, Crime(n));
        bought.OccurredAt = Timestamp.FromDateTimeOffset(_shop.Clock.GetUtcNow().AddDays(-10 * (times - 1 - n)));
        return bought;
    })]);

    private static int Number(RecommendedItem item) => int.Parse(item.ItemId.AsSpan(item.ItemId.IndexOf('-', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture);

    private static Item New(string id, string genre, double price) => new()
    {
        ItemId = id,
        Attributes = { ["title"] = new AttributeValue { Text = id }, ["genre"] = new AttributeValue { Text = genre }, ["price"] = new AttributeValue { Number = price } },
    };
}
