using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Protocol.V1;
using Recommender.Server.Relationships;
using static Recommender.Tests.Server.PlantedShop;

namespace Recommender.Tests.Server;

public sealed class RhythmFitTests(PlantedShop shop) : IClassFixture<PlantedShop>
{
    [Fact]
    public async Task The_shop_learns_its_own_rhythm_and_works_everybody_out_by_it()
    {
        await PassAsync();
        for (int i = 0; i < 30; i++) await BuyAsync($"regular-{i}", [.. Enumerable.Range(0, 2 + i % 5).Select(visit => -120 + i + 9 * visit)]);
        var model = await shop.Relationships.FitLifeCycleAsync(new());
        Assert.False(model.IsPrior, model.Note);
        Assert.Contains("repeat buyers", model.Note, StringComparison.Ordinal);
        Assert.Equal(model.Note, await NoteAsync());
        Assert.True((await PassAsync()).Everybody);
        await shop.StopAsync();
        await shop.StartAsync();
        Assert.Equal(model.Note, await NoteAsync());
    }

    [Fact]
    public void Amounts_of_one_currency_are_added_up_that_most_is_bought_in()
    {
        ShopEvent[] bought = [Paid(1, 10, "EUR"), Paid(2, 5000, "JPY"), Paid(3, 20, "EUR"), Paid(4, null, null)];
        Assert.Equal("EUR", Fitting.MostUsed(bought));
        var rhythm = Fitting.RhythmOf(bought, ShopCalendar.Utc, new DateOnly(2026, 3, 31), "EUR");
        Assert.Equal((4, 30.0), (rhythm.Purchases, rhythm.Spend));
        Assert.Equal(5000.0, Fitting.RhythmOf(bought, ShopCalendar.Utc, new DateOnly(2026, 3, 31), "JPY").Spend);
        Assert.Null(Fitting.MostUsed([Paid(1, null, null)]));

        static ShopEvent Paid(int day, decimal? price, string? currency) => new()
        {
            EventId = $"{day}",
            Type = EventTypes.Purchase,
            Person = Recommender.Interactions.Person.Customer("c"),
            ItemId = Crime(1),
            OccurredAt = new DateTimeOffset(2026, 3, day, 12, 0, 0, TimeSpan.Zero),
            Price = price,
            Currency = currency,
        };
    }

    private async Task<string> NoteAsync() => (await shop.Relationships.GetLifeCycleAsync(new() { CustomerId = "regular-4" })).ModelNote;

    private async Task<PassProgress> PassAsync()
    {
        using var call = shop.Relationships.RunPass(new());
        PassProgress last = new();
        await foreach (var step in call.ResponseStream.ReadAllAsync()) last = step;
        return last;
    }

    private Task BuyAsync(string customerId, int[] days) => shop.RecordAsync([.. days.Select(day =>
    {
        var bought = Purchase($"{customerId} on {day}", customerId, Crime(1));
        bought.OccurredAt = Timestamp.FromDateTimeOffset(shop.Clock.GetUtcNow().AddDays(day));
        return bought;
    })]);
}
