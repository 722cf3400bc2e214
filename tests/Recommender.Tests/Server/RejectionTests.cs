using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class RejectionTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task Hidden_items_push_their_kind_down_and_never_come_back()
    {
        foreach (string customer in (string[])["undecided", "no-gardener"])
        {
            await shop.RecordAsync(Purchase($"{customer}-1", customer, Crime(9)), Purchase($"{customer}-2", customer, Garden(9)));
        }
        int before = await GardenBooksAsync("no-gardener");
        await shop.RecordAsync(
            [.. Enumerable.Range(2, 4)
                .Select(number =>
                    new Event { EventId = $"hide-{number}", Type = "hide", CustomerId = "no-gardener", ItemId = Garden(number) })]);

        int after = await GardenBooksAsync("no-gardener"), other = await GardenBooksAsync("undecided");
        Assert.True(after < before && after < other, $"{after} garden books of ten, {before} before four were hidden, {other} for somebody who hid none");
        var whole = await shop.RecommendAsync(new() { CustomerId = "no-gardener", Count = 40 });
        Assert.DoesNotContain(whole.Items, item => Enumerable.Range(2, 4).Any(number => item.ItemId == Garden(number)));
    }

    [Fact]
    public async Task A_return_takes_back_what_the_purchase_said()
    {
        await shop.RecordAsync(Purchase("back-1", "changed", Crime(3)), Purchase("back-2", "changed", Garden(3)),
            new Event { EventId = "back-3", Type = "return", CustomerId = "changed", ItemId = Garden(3) });
        Assert.Equal(0, await GardenBooksAsync("changed"));
    }

    private async Task<int> GardenBooksAsync(string customer) =>
        (await shop.RecommendAsync(new() { CustomerId = customer, Count = 10 })).Items.Count(item =>
            item.ItemId.StartsWith("garden-", StringComparison.Ordinal));
}
