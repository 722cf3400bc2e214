using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;
using Person = Recommender.Interactions.Person;

namespace Recommender.Tests.Server;

public sealed class IdentityTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    private static readonly DateTimeOffset _monday = TimeProvider.System.GetUtcNow().AddDays(-30);

    [Fact]
    public async Task What_a_visitor_did_counts_for_the_customer_as_soon_as_they_are_linked_and_no_more_when_unlinked()
    {
        foreach (int book in (int[])[1, 3, 5]) await shop.RecordAsync(View("v-link", Garden(book)));
        var request = new RecommendRequest { CustomerId = "signs-in", Count = 5 };
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(request)).ServedBy);

        await shop.Identity.LinkAsync(new() { FromVisitorId = "v-link", CustomerId = "signs-in", Source = "sign-in" });
        var linked = await shop.RecommendAsync(request);
        Assert.Equal(ServedBy.Personalised, linked.ServedBy);
        Assert.All(linked.Items, item => Assert.StartsWith("garden-", item.ItemId));
        Assert.Equal(linked.Items, (await shop.RecommendAsync(new() { VisitorId = "v-link", Count = 5 })).Items);

        await shop.Identity.UnlinkAsync(new() { FromVisitorId = "v-link", CustomerId = "signs-in" });
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(request)).ServedBy);
        Assert.Equal(ServedBy.Personalised, (await shop.RecommendAsync(new() { VisitorId = "v-link", Count = 5 })).ServedBy);
    }

    [Fact]
    public async Task An_event_of_a_linked_visitor_is_in_the_customers_next_answer()
    {
        await shop.Identity.LinkAsync(new() { FromVisitorId = "v-later", CustomerId = "linked-first" });
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(new() { CustomerId = "linked-first" })).ServedBy);

        await shop.RecordAsync(View("v-later", Crime(4)));

        Assert.Equal(ServedBy.Personalised, (await shop.RecommendAsync(new() { CustomerId = "linked-first" })).ServedBy);
    }

    [Fact]
    public async Task A_shared_device_is_split_by_time_and_the_answer_says_so()
    {
        await shop.RecordAsync(At(View("v-shared", Crime(1)), _monday.AddHours(-1)), At(View("v-shared", Crime(2)), _monday.AddHours(1)), At(View("v-shared", Garden(1)), _monday.AddDays(2)));
        var first = await shop.Identity.LinkAsync(new() { FromVisitorId = "v-shared", CustomerId = "anna", Since = Timestamp.FromDateTimeOffset(_monday) });
        Assert.Empty(first.SharedWithCustomerIds);
        Assert.Equal(3, await EventsOfAsync("anna"));

        var second = await shop.Identity.LinkAsync(new() { FromVisitorId = "v-shared", CustomerId = "ben", Since = Timestamp.FromDateTimeOffset(_monday.AddDays(1)) });

        Assert.Equal(["anna"], second.SharedWithCustomerIds);
        Assert.Contains("shared device, split by time", second.Notes.Single(), StringComparison.Ordinal);
        Assert.Equal(2, await EventsOfAsync("anna"));
        Assert.Equal(1, await EventsOfAsync("ben"));
        await shop.Identity.UnlinkAsync(new() { FromVisitorId = "v-shared", CustomerId = "ben" });
        Assert.Equal(3, await EventsOfAsync("anna"));
    }

    [Fact]
    public async Task A_training_learns_one_row_for_a_customer_and_their_devices()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        int before = (await own.TrainAsync()).Model.CardJson is { Length: > 0 } card ? People(card) : 0;
        foreach (string visitor in (string[])["phone", "laptop"]) await own.RecordAsync(View(visitor, Crime(1)), View(visitor, Crime(2)));
        await own.RecordAsync(Purchase("bought", "owner", Crime(3)));
        Assert.Equal(before + 3, People((await own.TrainAsync()).Model.CardJson));

        foreach (string visitor in (string[])["phone", "laptop"]) await own.Identity.LinkAsync(new() { FromVisitorId = visitor, CustomerId = "owner" });

        Assert.Equal(before + 1, People((await own.TrainAsync()).Model.CardJson));

        static int People(string card) => System.Text.Json.JsonDocument.Parse(card).RootElement.GetProperty("customers").GetInt32();
    }

    [Fact]
    public async Task A_preview_tells_what_a_link_would_do_and_changes_nothing()
    {
        foreach (int book in (int[])[2, 4]) await shop.RecordAsync(View("v-preview", Garden(book)));

        var preview = await shop.Identity.PreviewLinkAsync(new() { FromVisitorId = "v-preview", CustomerId = "previewed" });

        Assert.Equal(2, preview.EventsGained);
        Assert.Equal(0, preview.EventsLostByOthers);
        Assert.All(preview.After.Take(5), item => Assert.StartsWith("garden-", item.ItemId));
        Assert.NotEqual(preview.Before.Select(item => item.ItemId), preview.After.Select(item => item.ItemId));
        Assert.Empty((await shop.Identity.GetIdentityAsync(new() { VisitorId = "v-preview" })).Links);
        Assert.Equal(ServedBy.Popular, (await shop.RecommendAsync(new() { CustomerId = "previewed" })).ServedBy);
    }

    [Fact]
    public async Task Linking_twice_is_linking_once()
    {
        var first = await shop.Identity.LinkAsync(new() { FromVisitorId = "v-twice", CustomerId = "twice" });
        var second = await shop.Identity.LinkAsync(new() { FromVisitorId = "v-twice", CustomerId = "twice" });

        Assert.Equal(first.Link, second.Link);
        Assert.Single((await shop.Identity.GetIdentityAsync(new() { VisitorId = "v-twice" })).Links);
    }

    [Fact]
    public async Task Nobody_is_linked_to_themselves_nor_in_a_ring()
    {
        await RefusedAsync(new() { FromCustomerId = "ring-a", CustomerId = "ring-a" }, "themselves");
        await shop.Identity.LinkAsync(new() { FromCustomerId = "ring-a", CustomerId = "ring-b" });
        await shop.Identity.LinkAsync(new() { FromCustomerId = "ring-b", CustomerId = "ring-c" });

        await RefusedAsync(new() { FromCustomerId = "ring-c", CustomerId = "ring-a" }, "ring");
        await RefusedAsync(new() { FromCustomerId = "ring-a", CustomerId = "ring-x" }, "is linked to customer ring-b");
        Assert.Equal("ring-c", (await shop.Identity.GetIdentityAsync(new() { CustomerId = "ring-a" })).BelongsToCustomerId);
    }

    [Fact]
    public async Task Of_two_links_that_would_close_a_ring_together_one_wins()
    {
        for (int round = 0; round < 10; round++)
        {
            string one = $"race-{round}-a", other = $"race-{round}-b";
            var outcomes = await Task.WhenAll(
                TryAsync(() => shop.Identity.LinkAsync(new() { FromCustomerId = one, CustomerId = other }).ResponseAsync),
                TryAsync(() => shop.Identity.LinkAsync(new() { FromCustomerId = other, CustomerId = one }).ResponseAsync));
            Assert.Equal(1, outcomes.Count(linked => linked));
        }
    }

    [Fact]
    public async Task Links_outlast_a_restart()
    {
        await using var own = new PlantedShop();
        await own.InitializeAsync();
        await own.RecordAsync(View("v-restart", Garden(3)));
        await own.Identity.LinkAsync(new() { FromVisitorId = "v-restart", CustomerId = "restarted" });

        await own.StopAsync();
        await own.StartAsync();

        Assert.Equal(ServedBy.Personalised, (await own.RecommendAsync(new() { CustomerId = "restarted" })).ServedBy);
    }

    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            return false;
        }
    }

    private async Task RefusedAsync(LinkRequest request, string why)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => shop.Identity.LinkAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains(why, refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(refused.Status.Detail, (await shop.Identity.PreviewLinkAsync(request)).Refused);
    }

    private async Task<int> EventsOfAsync(string customerId) =>
        (await shop.Shop.HistoryOfAsync(Person.Customer(customerId), default)).Entries.Length;

    private static Event View(string visitorId, string itemId) =>
        new() { EventId = $"{visitorId}-{itemId}", Type = "view", VisitorId = visitorId, ItemId = itemId };

    private static Event At(Event happened, DateTimeOffset at)
    {
        happened.OccurredAt = Timestamp.FromDateTimeOffset(at);
        return happened;
    }
}
