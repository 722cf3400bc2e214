using Recommender.ColdStart;
using Recommender.Protocol.V1;
using Recommender.Server;
using Recommender.Storage;
using Recommender.Tests.ColdStart;
using Recommender.Tests.Models;
using static Recommender.Tests.Server.PlantedShop;
using DomainItem = Recommender.Catalogue.Item;
using DomainValue = Recommender.Catalogue.AttributeValue;

namespace Recommender.Tests.Server;

public sealed class NewItemTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task A_new_item_is_recommended_at_once_with_what_it_has_in_common_and_still_after_a_restart()
    {
        await shop.Catalog.UpsertItemsAsync(new UpsertItemsRequest { Items = { Book("crime-new", "crime", available: false) } });
        Assert.DoesNotContain((await CrimeAsync()).Items, item => item.ItemId == "crime-new");

        await shop.Catalog.SetAvailabilityAsync(new SetAvailabilityRequest { ItemIds = { "crime-new" }, Available = true });
        Check(await CrimeAsync());

        await shop.StopAsync();
        await shop.StartAsync();
        Check(await CrimeAsync());

        void Check(RecommendResponse answer)
        {
            var fresh = Assert.Single(answer.Items, item => item.ItemId == "crime-new");
            Assert.Equal("personalised", fresh.Source);
            Assert.Contains(fresh.Reasons, reason => reason.Text.StartsWith("because of crime (genre), as in The crime book", StringComparison.Ordinal));
            // Twelve crime novels are left to this reader, and no garden book comes before the new one.
            Assert.DoesNotContain(answer.Items.TakeWhile(item => item.ItemId != "crime-new"), item => item.ItemId.StartsWith("garden-", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_new_item_goes_with_its_like_and_its_like_goes_with_it()
    {
        await shop.Catalog.UpsertItemsAsync(new UpsertItemsRequest { Items = { Book("garden-fresh", "garden") } });

        var withIt = await shop.Recommendations.SimilarItemsAsync(new SimilarItemsRequest { ItemIds = { "garden-fresh" }, Count = 8 });
        Assert.Equal(8, withIt.Items.Count);
        Assert.All(withIt.Items, item => Assert.StartsWith("garden-", item.ItemId));
        var withOther = await shop.Recommendations.SimilarItemsAsync(new SimilarItemsRequest { ItemIds = { Garden(3) }, Count = 25 });
        Assert.Contains(withOther.Items, item => item.ItemId == "garden-fresh" && item.Source == "similar");
    }

    [Fact]
    public async Task Who_bought_nothing_but_a_new_item_is_understood_by_it_and_not_offered_it_again()
    {
        await shop.Catalog.UpsertItemsAsync(new UpsertItemsRequest { Items = { Book("crime-first", "crime") } });
        await shop.RecordAsync(Purchase("first-1", "newcomer", "crime-first"));

        var answer = await shop.RecommendAsync(new() { CustomerId = "newcomer", Count = 5 });
        Assert.Equal(ServedBy.Personalised, answer.ServedBy);
        Assert.All(answer.Items, item => Assert.StartsWith("crime-", item.ItemId));
        Assert.All(answer.Items, item => Assert.NotEqual("crime-first", item.ItemId));
        Assert.Contains(answer.Items[0].Reasons, reason => reason.ItemId == "crime-first" && reason.Kind == "purchase");
    }

    [Fact]
    public async Task A_new_item_that_was_hidden_or_deleted_stays_away()
    {
        await shop.Catalog.UpsertItemsAsync(new UpsertItemsRequest { Items = { Book("crime-hidden", "crime"), Book("crime-gone", "crime") } });
        await shop.RecordAsync(new Event { EventId = "hide-1", Type = "hide", CustomerId = "crime-reader-7", ItemId = "crime-hidden" });
        await shop.Catalog.DeleteItemsAsync(new DeleteItemsRequest { ItemIds = { "crime-gone" } });

        var answer = await shop.RecommendAsync(new() { CustomerId = "crime-reader-7", Count = 40 });
        Assert.DoesNotContain(answer.Items, item => item.ItemId is "crime-hidden" or "crime-gone");
    }

    private async Task<RecommendResponse> CrimeAsync() => await shop.RecommendAsync(new() { CustomerId = "crime-reader-3", Count = 13 });

    private static Item Book(string id, string genre, bool available = true) => new()
    {
        ItemId = id,
        Available = available,
        Attributes = { ["title"] = new AttributeValue { Text = $"The {genre} book anew" }, ["genre"] = new AttributeValue { Text = genre } },
    };
}

public sealed class MostNewItemsTests
{
    private readonly AuthorShop _shop = new(SmallShop.Recipe() with { NewItems = new NewItemOptions { MostItems = 3 } });

    [Fact]
    public void Of_more_new_items_than_there_is_room_for_the_newest_have_a_place()
    {
        var service = InService.Of(_shop.Model, [New("a", day: 2), New("b", day: 5), New("c", day: 1), New("d", day: 4), New("e", day: null), new DomainItem("bare") { AddedAt = Day(9) }]);
        Assert.Equal(["a", "b", "d"], Placed(service));

        service.Upsert([New("f", day: 6)]);
        Assert.Equal(["b", "d", "f"], Placed(service));

        // Written again, it is as old as it was.
        service.Upsert([New("c", day: 1)]);
        Assert.Equal(["b", "d", "f"], Placed(service));

        service.Delete(["d", "unheard of"]);
        service.Upsert([New("g", day: 7)]);
        Assert.Equal(["b", "f", "g"], Placed(service));
    }

    [Fact]
    public void Of_a_large_catalogue_that_nobody_has_learned_the_newest_have_a_place_too()
    {
        var catalogue = Enumerable.Range(0, 5000).Select(number => New($"{number:0000}", day: 1) with { AddedAt = Day(1).AddMinutes(number) }).ToList();
        Assert.Equal(["4997", "4998", "4999"], Placed(InService.Of(_shop.Model, catalogue)));
    }

    private static IEnumerable<string> Placed(InService service) => service.Newcomers!.Numbers.Select(number => service.View.Shelves[number]!.Id).Order();

    private static DomainItem New(string id, int? day) => AuthorShop.Book(id, author: 1, year: 1) with { AddedAt = day is { } added ? Day(added) : null };

    private static DateTimeOffset Day(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
}

public sealed class NewItemOnSeveralServersTests(ServersOfOneShop servers) : IClassFixture<ServersOfOneShop>
{
    [Fact]
    public async Task An_item_that_is_new_at_one_server_is_ranked_by_the_others_once_they_hear_of_it()
    {
        await servers.One.Live.UpsertItemsAsync([.. Enumerable.Range(0, 12).SelectMany(number => new[] { Book($"crime-{number:00}", "crime"), Book($"garden-{number:00}", "garden") })], CancellationToken.None);
        await ServersOfOneShop.TrainAsync(servers.One);
        await using var third = await servers.OpenAsync();
        await servers.One.Live.UpsertItemsAsync([Book("crime-new", "crime")], CancellationToken.None);
        Assert.Equal(0, third.Live.Current.Newcomers!.Count);

        await ServersOfOneShop.TellAsync(third, new StoreChange(StoredKind.Item, "crime-new", null));

        Assert.Equal(1, third.Live.Current.Newcomers!.Count);
        Assert.Equal(1, servers.One.Live.Current.Newcomers!.Count);
    }

    [Fact]
    public async Task A_new_item_that_was_deleted_has_no_place_any_more_on_any_server()
    {
        await servers.One.Live.UpsertItemsAsync([.. Enumerable.Range(0, 12).SelectMany(number => new[] { Book($"crime-{number:00}", "crime"), Book($"garden-{number:00}", "garden") })], CancellationToken.None);
        await ServersOfOneShop.TrainAsync(servers.One);
        await servers.One.Live.UpsertItemsAsync([Book("crime-brief", "crime")], CancellationToken.None);
        await using var third = await servers.OpenAsync();
        Assert.True(IsPlaced(servers.One));
        Assert.True(IsPlaced(third));

        await servers.One.Live.DeleteItemsAsync(["crime-brief"], CancellationToken.None);
        await ServersOfOneShop.TellAsync(third, new StoreChange(StoredKind.Item, "crime-brief", null));

        Assert.False(IsPlaced(servers.One));
        Assert.False(IsPlaced(third));

        static bool IsPlaced(Shop shop) => shop.Live.Current.View.Shelves.TryGetNumber("crime-brief", out int number) && shop.Live.Current.Newcomers!.Contains(number);
    }

    private static DomainItem Book(string id, string genre) => new(id)
    {
        Attributes = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, DomainValue>(StringComparer.Ordinal).Add("genre", new DomainValue.Text(genre)),
    };
}
