using Grpc.Core;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class BoostTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    private const string Dear = "item.price > 15.0";

    [Fact]
    public async Task What_is_boosted_comes_first_and_its_score_is_multiplied()
    {
        var plain = await AskAsync("crime-reader-1");
        var boosted = await AskAsync("crime-reader-1", new Boost { Filter = Dear, Factor = 100 });

        double ScoreOf(RecommendResponse answer, string item) => answer.Items.Single(one => one.ItemId == item).Score;
        int dear = plain.Items.Count(IsDear);
        Assert.InRange(dear, 1, plain.Items.Count - 1);
        Assert.All(boosted.Items.Where(item => item.Source == "personalised").Take(dear), item => Assert.True(IsDear(item) || item.Score > 0));
        Assert.Contains(boosted.Items.Take(3), IsDear);
        foreach (var item in plain.Items.Where(item => item.Source == "personalised" && item.Score > 0))
            Assert.Equal(item.Score * (IsDear(item) ? 100 : 1), ScoreOf(boosted, item.ItemId), item.Score * 1e-3);
        Assert.Equal(plain.Items.Select(item => item.ItemId).Order(), boosted.Items.Select(item => item.ItemId).Order());
    }

    [Fact]
    public async Task Boosts_of_a_scenario_and_a_request_multiply_and_one_of_1_changes_nothing()
    {
        await ScenarioAsync("lowers", new Boost { Filter = Dear, Factor = 0.5 });
        var plain = await AskAsync("crime-reader-2");

        Assert.Equal(plain.Items, (await AskAsync("crime-reader-2", "lowers", new Boost { Filter = Dear, Factor = 2 })).Items);
        Assert.Equal(plain.Items, (await AskAsync("crime-reader-2", new Boost { Filter = Dear, Factor = 1 })).Items);
        Assert.NotEqual(plain.Items, (await AskAsync("crime-reader-2", "lowers")).Items);
    }

    [Fact]
    public async Task What_sells_best_and_what_goes_with_an_item_are_boosted_too()
    {
        await shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "best", Strategy = Strategy.Popular, Boosts = { new Boost { Filter = $"item.title == 'The crime book 19'", Factor = 100 } } } });
        Assert.Equal(Crime(19), (await AskAsync("nobody", "best")).Items[0].ItemId);

        var similar = await shop.Recommendations.SimilarItemsAsync(new() { ItemIds = { Crime(1) }, Count = 10 });
        string last = similar.Items[^1].ItemId;
        var boosted = await shop.Recommendations.SimilarItemsAsync(new() { ItemIds = { Crime(1) }, Count = 10, Boosts = { new Boost { Filter = $"item.title == '{TitleOf(last)}'", Factor = 100 } } });
        Assert.Equal(last, boosted.Items[0].ItemId);
    }

    [Fact]
    public async Task A_boost_is_told_to_who_asks_why_and_not_to_the_customer()
    {
        await ScenarioAsync("raises", new Boost { Filter = Dear, Factor = 4 });
        var answer = await AskAsync("crime-reader-3", "raises");
        string raised = answer.Items.First(item => IsDear(item) && item.Source == "personalised").ItemId, other = answer.Items.First(item => !IsDear(item)).ItemId;

        Assert.DoesNotContain(answer.Items.SelectMany(item => item.Reasons), reason => reason.Kind == "boost");
        var explained = await shop.Recommendations.ExplainAsync(new() { RecommendationId = answer.RecommendationId });
        var boost = Assert.Single(explained.Items.Single(item => item.ItemId == raised).Reasons, reason => reason.Kind == "boost");
        Assert.Equal((0, "score x 4 by item.price > 15.0"), (boost.Share, boost.Text));
        Assert.DoesNotContain(explained.Items.Single(item => item.ItemId == other).Reasons, reason => reason.Kind == "boost");
        Assert.All(explained.Items.Where(item => item.Source == "personalised"), item => Assert.InRange(item.Reasons.Sum(reason => reason.Share), 0.2, 1.0001));

        var why = await shop.Recommendations.WhyNotAsync(new() { CustomerId = "crime-reader-3", ItemId = raised, Scenario = "raises" });
        var unboosted = await shop.Recommendations.WhyNotAsync(new() { CustomerId = "crime-reader-3", ItemId = raised, Scenario = "raises", Boosts = { new Boost { Filter = Dear, Factor = 0.25 } } });
        Assert.Contains(why.Reasons, reason => reason.Kind == "boost");
        Assert.Equal(answer.Items.ToList().FindIndex(item => item.ItemId == raised) + 1, why.Rank);
        Assert.True(unboosted.Score < why.Score && unboosted.Rank > why.Rank);
    }

    [Fact]
    public async Task A_scenario_keeps_its_boosts_and_one_stored_before_there_were_any_has_none()
    {
        var stored = await ScenarioAsync("kept", new Boost { Filter = Dear, Factor = 0.01 }, new Boost { Filter = "item.genre == 'crime'", Factor = 100 });
        Assert.Equal(stored, await shop.Scenarios.GetScenarioAsync(new() { ScenarioId = "kept" }));
        Assert.Equal(2, stored.Boosts.Count);
        await AskAsync("crime-reader-4", "kept");

        var before = System.Text.Json.JsonSerializer.Deserialize<Recommender.Ranking.Scenario>("""{"id":"old","strategy":0,"filter":"","guardrails":[]}""", System.Text.Json.JsonSerializerOptions.Web)!;
        Assert.Empty(before.Boosts);
    }

    [Fact]
    public async Task A_boost_that_cannot_be_is_refused_by_its_field()
    {
        Assert.Equal("boosts[0].factor is 0, it must be 0.01 to 100: above 1 raises, below 1 lowers", await RefusalAsync(new Boost { Filter = Dear }));
        Assert.StartsWith("boosts[1].factor is 101", await RefusalAsync(new Boost { Filter = Dear, Factor = 1 }, new Boost { Filter = Dear, Factor = 101 }), StringComparison.Ordinal);
        Assert.StartsWith("boosts[0].factor is NaN", await RefusalAsync(new Boost { Filter = Dear, Factor = double.NaN }), StringComparison.Ordinal);
        Assert.StartsWith("boosts[0].filter is empty", await RefusalAsync(new Boost { Factor = 2 }), StringComparison.Ordinal);
        Assert.Contains("boosts[0].filter: ", await RefusalAsync(new Boost { Filter = "item.prize > 3.0", Factor = 2 }), StringComparison.Ordinal);
        Assert.StartsWith("boosts has 21 entries", await RefusalAsync([.. Enumerable.Repeat(new Boost { Filter = Dear, Factor = 1 }, 21)]), StringComparison.Ordinal);

        var scenario = await Assert.ThrowsAsync<RpcException>(() => ScenarioAsync("wrong", new Boost { Filter = "item.prize > 3.0", Factor = 2 }));
        Assert.Equal(StatusCode.InvalidArgument, scenario.StatusCode);
        Assert.Contains("scenario.boosts[0].filter: ", scenario.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("did you mean item.price?", scenario.Status.Detail, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(params Boost[] boosts)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync("crime-reader-5", boosts));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        return refused.Status.Detail;
    }

    private Task<RecommendResponse> AskAsync(string customer, params Boost[] boosts) => AskAsync(customer, "", boosts);

    private Task<RecommendResponse> AskAsync(string customer, string scenario, params Boost[] boosts) =>
        shop.RecommendAsync(new() { CustomerId = customer, Scenario = scenario, Count = 50, Boosts = { boosts } });

    private async Task<Scenario> ScenarioAsync(string id, params Boost[] boosts) =>
        await shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = id, Boosts = { boosts } } });

    private static bool IsDear(RecommendedItem item) => 5 + int.Parse(item.ItemId.AsSpan(^2..), System.Globalization.CultureInfo.InvariantCulture) > 15;

    private static string TitleOf(string itemId) => $"The {itemId[..^3]} book {int.Parse(itemId.AsSpan(^2..), System.Globalization.CultureInfo.InvariantCulture)}";
}
