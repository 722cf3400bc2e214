using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli.Commands;
using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Server;
using Recommender.Storage;

namespace Recommender.Tests.Commands;

/// <summary>A shop's events as they are split for a measurement.</summary>
public sealed class StoreSplitTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("split-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whoever_was_erased_is_neither_learned_from_nor_measured()
    {
        await using Shop shop = await OpenAsync();
        Assert.True((await Split(shop).AtRandomAsync(1, default)).HoldOut.Train.People.TryGetNumber("customer:c3", out _));
        await shop.Forgetting.CustomerAsync("c3", default);
        Assert.False((await Split(shop).AtRandomAsync(1, default)).HoldOut.Train.People.TryGetNumber("customer:c3", out _));
        Assert.False((await Split(shop).ByTimeAsync(new TimeSplitOptions(), default)).HoldOut.Train.People.TryGetNumber("customer:c3", out _));
    }

    [Fact]
    public async Task Recipes_that_weigh_events_otherwise_are_asked_for_the_same_and_learn_none_of_it()
    {
        await using Shop shop = await OpenAsync();
        var withoutViews = new ConfidenceOptions { Weights = ImmutableSortedDictionary<string, double>.Empty.Add(EventTypes.View, 0) };
        EvaluationSplit split = await new StoreSplit(shop, [new(), withoutViews], 0.3).AtRandomAsync(1, default);
        InteractionMatrix all = split.TrainFor(new()).Matrix, bought = split.TrainFor(withoutViews).Matrix, test = split.HoldOut.Test;
        Assert.True(bought.Count < all.Count && test.Count > 0);
        Assert.Equal((test.RowCount, test.ColumnCount), (bought.RowCount, bought.ColumnCount));
        for (int row = 0; row < test.RowCount; row++)
        {
            Assert.Empty(test.Row(row).Columns.ToArray().Intersect(bought.Row(row).Columns.ToArray()));
            Assert.Empty(test.Row(row).Columns.ToArray().Intersect(all.Row(row).Columns.ToArray()));
            Assert.Subset(all.Row(row).Columns.ToArray().ToHashSet(), bought.Row(row).Columns.ToArray().ToHashSet());
        }
    }

    [Fact]
    public async Task A_version_trained_before_the_cut_has_not_seen_what_it_is_asked_for()
    {
        await using Shop shop = await OpenAsync();
        EvaluationSplit split = await Split(shop).ByTimeAsync(new TimeSplitOptions(), default);
        ModelCard card = Models.SmallShop.Train(Models.SmallShop.Kinds(2, 4, 4), Models.SmallShop.Recipe(factors: 2)).Card;
        Assert.Null(split.SeenBy(card with { EventsUpTo = 1 }));
        Assert.Contains("not trained here", split.SeenBy(card with { EventsUpTo = 0, Origin = "movies.zip" })!, StringComparison.Ordinal);
        Assert.NotNull(split.SeenBy(card with { EventsUpTo = await shop.Store.Events.LastPositionAsync(shop.Tenant, default) }));
    }

    private static StoreSplit Split(Shop shop) => new(shop, [new()], 0.3);

    private async Task<Shop> OpenAsync()
    {
        Shop shop = await Shop.OpenAsync(new ShopOptions { Store = ShopLocation.Parse(_folder) }, TimeProvider.System, NullLoggerFactory.Instance, default);
        // Everybody buys one item a day and looks at the next.
        ShopEvent[] events = [.. from day in Enumerable.Range(0, 10)
                                 from customer in Enumerable.Range(0, 8)
                                 from type in (string[])[EventTypes.Purchase, EventTypes.View]
                                 select new ShopEvent
                                 {
                                     EventId = $"{day}-{customer}-{type}",
                                     Type = type,
                                     Person = Person.Customer($"c{customer}"),
                                     ItemId = $"i{(day * 2 + customer + (type == EventTypes.View ? 1 : 0)) % 25}",
                                     OccurredAt = _start.AddDays(day).AddMinutes(customer),
                                 }];
        await shop.Store.Events.AppendAsync(shop.Tenant, events, default);
        return shop;
    }
}
