using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Grpc;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;
using Person = Recommender.Interactions.Person;

namespace Recommender.Tests.Server;

public sealed class RecommendTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task A_reader_is_offered_what_they_lack_of_their_own_kind_and_nothing_they_have()
    {
        var answer = await shop.RecommendAsync(new() { CustomerId = "crime-reader-3", Count = 5 });

        var history = await shop.Shop.HistoryOfAsync(Person.Customer("crime-reader-3"), default);
        Assert.All(answer.Items, item => Assert.StartsWith("crime-", item.ItemId));
        Assert.DoesNotContain(answer.Items, item => history.Entries.Any(had => had.ItemId == item.ItemId));
        Assert.Equal(ServedBy.Personalised, answer.ServedBy);
        Assert.False(answer.Degraded);
        Assert.Equal(shop.Shop.Models.LiveId, answer.ModelVersion);
    }

    [Fact]
    public async Task Reasons_name_items_of_the_persons_own_history_largest_first()
    {
        var answer = await shop.RecommendAsync(new() { CustomerId = "crime-reader-4", Count = 3 });

        Assert.All(answer.Items, item =>
        {
            Assert.NotEmpty(item.Reasons);
            Assert.Equal(item.Reasons.OrderByDescending(reason => reason.Share), item.Reasons);
            Assert.Contains(item.Reasons, reason => reason.Kind == "purchase" && reason.ItemId.StartsWith("crime-", StringComparison.Ordinal)
                && reason.Text.StartsWith("because you bought The crime book", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task An_unknown_customer_is_no_error_and_gets_what_sells_best()
    {
        var answer = await shop.RecommendAsync(new() { CustomerId = "nobody-knows", Count = 4 });

        Assert.Equal(ServedBy.Popular, answer.ServedBy);
        Assert.Equal(4, answer.Items.Count);
        Assert.All(answer.Items, item => Assert.Equal("popular", item.Source));
    }

    [Fact]
    public async Task A_visitor_who_looks_at_two_garden_books_gets_garden_books()
    {
        var answer = await shop.RecommendAsync(new() { VisitorId = "new-here", SessionItemIds = { Garden(2), Garden(7) }, Count = 5 });

        Assert.Equal(ServedBy.Session, answer.ServedBy);
        Assert.All(answer.Items, item => Assert.StartsWith("garden-", item.ItemId));
        Assert.DoesNotContain(answer.Items, item => item.ItemId == Garden(2) || item.ItemId == Garden(7));
        Assert.Contains(answer.Items[0].Reasons, reason => reason.Kind == "session");
    }

    [Fact]
    public async Task A_filter_and_a_list_of_exclusions_hold_for_every_item_of_the_answer()
    {
        var answer = await shop.RecommendAsync(new()
        {
            CustomerId = "crime-reader-5",
            Count = 40,
            Filter = "item.genre == \"garden\" && item.price < 15.0",
            ExcludeItemIds = { Garden(1) },
        });

        Assert.Equal([.. Enumerable.Range(0, 10).Where(number => number != 1).Select(Garden)], answer.Items.Select(item => item.ItemId).Order());
    }

    [Fact]
    public async Task Pages_follow_each_other_without_repeats_until_nothing_is_left()
    {
        var request = new RecommendRequest { CustomerId = "garden-reader-8", Count = 7 };
        var whole = await shop.RecommendAsync(new() { CustomerId = "garden-reader-8", Count = 40 });
        var paged = new List<string>();
        do
        {
            var page = await shop.RecommendAsync(request);
            paged.AddRange(page.Items.Select(item => item.ItemId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(whole.Items.Select(item => item.ItemId), paged);
        Assert.Equal("", whole.NextPageToken);
    }

    [Fact]
    public async Task Properties_come_by_the_mask()
    {
        var request = new RecommendRequest { CustomerId = "crime-reader-6", Count = 1, PropertyMask = FieldMask.FromString("title,price") };
        Assert.Equal(["price", "title"], (await shop.RecommendAsync(request)).Items[0].Properties.Keys.Order());
        request.PropertyMask = null;
        Assert.Empty((await shop.RecommendAsync(request)).Items[0].Properties);
    }

    [Fact]
    public async Task What_was_answered_can_be_explained_and_a_preview_leaves_nothing_behind()
    {
        var answer = await shop.RecommendAsync(new() { CustomerId = "crime-reader-7", Count = 3 });
        var explained = await shop.Recommendations.ExplainAsync(new() { RecommendationId = answer.RecommendationId });

        Assert.Equal("crime-reader-7", explained.CustomerId);
        Assert.Equal(answer.Items.Select(item => item.ItemId), explained.Items.Select(item => item.ItemId));
        Assert.All(explained.Items, item => Assert.InRange(item.Reasons.Sum(reason => reason.Share), 0.9, 1.0001));
        Assert.Equal("", (await shop.RecommendAsync(new() { CustomerId = "crime-reader-7", Preview = true })).RecommendationId);
    }

    [Fact]
    public async Task Similar_items_are_of_the_same_kind()
    {
        var answer = await shop.Recommendations.SimilarItemsAsync(new() { ItemIds = { Crime(4) }, Count = 5 });

        Assert.Equal(ServedBy.Similar, answer.ServedBy);
        Assert.All(answer.Items, item => Assert.StartsWith("crime-", item.ItemId));
        Assert.DoesNotContain(answer.Items, item => item.ItemId == Crime(4));
    }

    [Fact]
    public async Task Why_not_tells_rank_filter_and_history_apart()
    {
        var top = (await shop.RecommendAsync(new() { CustomerId = "crime-reader-9", Count = 2 })).Items[1].ItemId;
        var ranked = await shop.Recommendations.WhyNotAsync(new() { CustomerId = "crime-reader-9", ItemId = top });
        Assert.Equal((WhyNotResponse.Types.Verdict.Ranked, 2), (ranked.Verdict, ranked.Rank));

        var filtered = await shop.Recommendations.WhyNotAsync(new() { CustomerId = "crime-reader-9", ItemId = top, Filter = "item.price > 100.0" });
        Assert.Equal(WhyNotResponse.Types.Verdict.Filtered, filtered.Verdict);

        var history = await shop.Shop.HistoryOfAsync(Person.Customer("crime-reader-9"), default);
        var seen = await shop.Recommendations.WhyNotAsync(new() { CustomerId = "crime-reader-9", ItemId = history.Entries[0].ItemId });
        Assert.Equal(WhyNotResponse.Types.Verdict.Seen, seen.Verdict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    [InlineData(-3)]
    public async Task A_count_out_of_range_is_refused_by_its_field(int count) =>
        Assert.Equal("count", await RefusedFieldAsync(new() { CustomerId = "x", Count = count }));

    [Fact]
    public async Task Ids_that_cannot_be_are_refused_by_their_field()
    {
        Assert.Equal("customer_id", await RefusedFieldAsync(new() { CustomerId = "" }));
        Assert.Equal("visitor_id", await RefusedFieldAsync(new() { VisitorId = new string('é', 65) }));
        Assert.Equal("session_item_ids[1]", await RefusedFieldAsync(new() { SessionItemIds = { "a", "b\nc" } }));
        Assert.Equal("page_token", await RefusedFieldAsync(new() { CustomerId = "x", PageToken = "nonsense" }));
        string beyond = Recommender.Server.PageToken.Offset(int.MaxValue, 0);
        Assert.Equal("page_token", await RefusedFieldAsync(new() { CustomerId = "x", PageToken = beyond }));
    }

    [Fact]
    public async Task A_malformed_filter_names_its_position_and_the_nearest_field()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => shop.RecommendAsync(new() { CustomerId = "x", Filter = "item.gerne == \"crime\"" }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("item.genre", error.Status.Detail);
        Assert.Contains("position 6", error.Status.Detail);
    }

    [Fact]
    public async Task An_unknown_scenario_names_the_nearest_and_an_unknown_item_too()
    {
        await shop.Scenarios.UpsertScenarioAsync(new() { Scenario = new Scenario { ScenarioId = "cart-page" } });
        var scenario = await Assert.ThrowsAsync<RpcException>(() => shop.RecommendAsync(new() { CustomerId = "x", Scenario = "cart-pge" }));
        Assert.Equal(StatusCode.NotFound, scenario.StatusCode);
        Assert.Contains("\"cart-page\"", scenario.Status.Detail);

        var item = await Assert.ThrowsAsync<RpcException>(() => shop.Recommendations.SimilarItemsAsync(new() { ItemIds = { "crim-04" } }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, item.StatusCode);
        Assert.Contains("\"crime-04\"", item.Status.Detail);
    }

    private async Task<string> RefusedFieldAsync(RecommendRequest request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => shop.RecommendAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return error.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations[0].Field;
    }
}
