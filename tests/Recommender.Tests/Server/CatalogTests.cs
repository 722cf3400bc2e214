using Grpc.Core;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class CatalogTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    private static readonly RecommendRequest _everything = new() { CustomerId = "crime-reader-11", Count = 100 };

    [Fact]
    public async Task What_is_not_available_is_gone_from_the_next_answer_and_comes_back()
    {
        string top = (await shop.RecommendAsync(_everything)).Items[0].ItemId;

        Assert.Equal(1, (await shop.Catalog.SetAvailabilityAsync(new() { ItemIds = { top }, Available = false })).Changed);
        Assert.DoesNotContain((await shop.RecommendAsync(_everything)).Items, item => item.ItemId == top);
        var why = await shop.Recommendations.WhyNotAsync(new() { CustomerId = "crime-reader-11", ItemId = top });
        Assert.Equal(WhyNotResponse.Types.Verdict.NotAvailable, why.Verdict);

        await shop.Catalog.SetAvailabilityAsync(new() { ItemIds = { top }, Available = true });
        Assert.Equal(top, (await shop.RecommendAsync(_everything)).Items[0].ItemId);
    }

    [Fact]
    public async Task A_deleted_item_never_appears_again_not_even_after_a_new_event()
    {
        string victim = Garden(19);
        Assert.Equal(1, (await shop.Catalog.DeleteItemsAsync(new() { ItemIds = { victim, "never-there" } })).Deleted);
        await shop.RecordAsync(Purchase("after-deletion", "somebody", victim));

        foreach (string customer in (string[])["garden-reader-0", "garden-reader-1", "nobody"])
            Assert.DoesNotContain((await shop.RecommendAsync(new() { CustomerId = customer, Count = 100 })).Items, item => item.ItemId == victim);
        Assert.DoesNotContain((await shop.Recommendations.SimilarItemsAsync(new() { ItemIds = { Garden(1) }, Count = 100 })).Items, item => item.ItemId == victim);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => shop.Catalog.GetItemAsync(new() { ItemId = victim }).ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task Every_kind_of_attribute_comes_back_as_it_was_sent()
    {
        var item = new Item
        {
            ItemId = "all-kinds",
            Available = false,
            Attributes =
            {
                ["title"] = new() { Text = "Ключ 鍵 🗝" },
                ["weight"] = new() { Number = 0.1 },
                ["signed"] = new() { Flag = true },
                ["released"] = new() { Time = new() { Seconds = 1_700_000_000, Nanos = 123_000_000 } },
                ["tags"] = new() { Texts = new() { Values = { "a", "b" } } },
            },
        };
        await shop.Catalog.UpsertItemsAsync(new() { Items = { item } });
        Assert.Equal(item, await shop.Catalog.GetItemAsync(new() { ItemId = "all-kinds" }));
    }

    [Fact]
    public async Task A_scenario_whose_filter_no_longer_fits_the_catalogue_is_named_and_not_the_caller_blamed()
    {
        await shop.Catalog.UpsertItemsAsync(new() { Items = { new Item { ItemId = "only-one-rated", Attributes = { ["stars"] = new() { Number = 4 } } } } });
        await shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new() { ScenarioId = "rated", Filter = "item.stars > 3.0" } });
        await shop.Catalog.DeleteItemsAsync(new() { ItemIds = { "only-one-rated" } });
        await shop.StopAsync();
        await shop.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => shop.RecommendAsync(new() { CustomerId = "x", Scenario = "rated" }));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("\"rated\"", error.Status.Detail);
        await shop.Scenarios.DeleteScenarioAsync(new() { ScenarioId = "rated" });
    }

    [Fact]
    public async Task Lists_are_paged_in_the_order_of_ids()
    {
        var ids = new List<string>();
        var request = new ListItemsRequest { PageSize = 7 };
        do
        {
            var page = await shop.Catalog.ListItemsAsync(request);
            ids.AddRange(page.Items.Select(item => item.ItemId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Contains(Crime(0), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_attribute_keeps_its_kind_and_a_bad_item_writes_none_of_the_call()
    {
        var priced = new Item { ItemId = "mispriced", Attributes = { ["price"] = new() { Text = "cheap" } } };
        var kind = await Assert.ThrowsAsync<RpcException>(() => shop.Catalog.UpsertItemsAsync(new() { Items = { priced } }).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, kind.StatusCode);
        Assert.Contains("price", kind.Status.Detail);

        var good = new Item { ItemId = "good-beside-bad" };
        var nan = new Item { ItemId = "nan", Attributes = { ["price"] = new() { Number = double.NaN } } };
        var number = await Assert.ThrowsAsync<RpcException>(() => shop.Catalog.UpsertItemsAsync(new() { Items = { good, nan } }).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, number.StatusCode);
        Assert.Null(await shop.Shop.Store.Items.FindAsync(shop.Shop.Tenant, good.ItemId, default));
    }

    [Fact]
    public async Task A_scenario_brings_its_filter_its_number_and_what_may_come_back()
    {
        await shop.Scenarios.UpsertScenarioAsync(new()
        {
            Scenario = new() { ScenarioId = "cheap-again", Filter = "item.price < 8.0", DefaultCount = 3, OfferBoughtAgain = true },
        });
        var answer = await shop.RecommendAsync(new() { CustomerId = "crime-reader-2", Scenario = "cheap-again" });

        Assert.Equal([Crime(0), Crime(1), Crime(2)], answer.Items.Select(item => item.ItemId).Order());
        Assert.Equal(3, (await shop.Scenarios.GetScenarioAsync(new() { ScenarioId = "cheap-again" })).DefaultCount);
        Assert.Equal(["cheap-again", "default"], (await shop.Scenarios.ListScenariosAsync(new())).Scenarios.Select(one => one.ScenarioId));

        var bad = await Assert.ThrowsAsync<RpcException>(() => shop.Scenarios.UpsertScenarioAsync(
            new() { Scenario = new() { ScenarioId = "bad", Filter = "item.price <" } }).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, bad.StatusCode);
        await shop.Scenarios.DeleteScenarioAsync(new() { ScenarioId = "cheap-again" });
        Assert.Single((await shop.Scenarios.ListScenariosAsync(new())).Scenarios);
    }
}
