using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ModelRegistryContract(IStoreEngine engine) : StoreContract(engine)
{
    private IModelRegistry Models => Store.Models;

    private static ModelVersion Version(int day) => new($"2026030{day}-120000-ab12cd", Noon.AddDays(day), day * 100, $$"""{"day": {{day}}}""");

    [Fact]
    public async Task Versions_are_listed_newest_first()
    {
        foreach (int day in (int[])[2, 1, 3]) await Models.AddAsync(Books, Version(day), Stop);
        await ReopenAsync();
        Assert.Equal([Version(3), Version(2), Version(1)], await Models.ListAsync(Books, Stop));
        Assert.Empty(await Models.PublicationsAsync(Books, Stop));
    }

    [Fact]
    public async Task A_version_is_entered_once()
    {
        await Models.AddAsync(Books, Version(1), Stop);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Models.AddAsync(Books, Version(1) with { Card = "{}" }, Stop));
        Assert.Contains(Version(1).Id, refusal.Message, StringComparison.Ordinal);
        Assert.Equal([Version(1)], await Models.ListAsync(Books, Stop));
    }

    [Fact]
    public async Task The_last_one_published_is_live_even_if_the_clock_went_back()
    {
        await Models.AddAsync(Books, Version(1), Stop);
        await Models.AddAsync(Books, Version(2), Stop);
        Publication[] publications =
        [
            new(Version(1).Id, Noon, "trained"), new(Version(2).Id, Noon.AddDays(1), "published"),
            new(Version(1).Id, Noon.AddDays(-1), $"rolled back from {Version(2).Id}"),
        ];
        foreach (Publication publication in publications) await Models.PublishAsync(Books, publication, Stop);
        await ReopenAsync();
        Assert.Equal(publications.Reverse(), await Models.PublicationsAsync(Books, Stop));
    }

    [Fact]
    public async Task An_unknown_version_cannot_go_live()
    {
        await Models.AddAsync(Wines, Version(1), Stop);
        var refusal = await Assert.ThrowsAsync<KeyNotFoundException>(() => Models.PublishAsync(Books, new(Version(1).Id, Noon, "published"), Stop));
        Assert.Contains(Version(1).Id, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await Models.PublicationsAsync(Books, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Models.AddAsync(Books, Version(1), Stop);
        await Models.AddAsync(Wines, Version(1) with { EventsUpTo = 7 }, Stop);
        await Models.PublishAsync(Wines, new(Version(1).Id, Noon, "trained"), Stop);
        Assert.Equal([Version(1)], await Models.ListAsync(Books, Stop));
        Assert.Empty(await Models.PublicationsAsync(Books, Stop));
        Assert.Single(await Models.PublicationsAsync(Wines, Stop));
    }
}
