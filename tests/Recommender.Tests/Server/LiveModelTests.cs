using Recommender.Models;
using Recommender.Server;

namespace Recommender.Tests.Server;

public sealed class LiveModelTests(PlantedShop planted) : IClassFixture<PlantedShop>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Histories_are_known_by_the_same_options_after_a_swap_and_after_the_catalogue_is_read_anew()
    {
        using var live = Live(planted.Clock);
        await live.ReplaceAsync(await LoadAsync(), Stop);
        var known = live.Current.Confidence;
        Assert.NotNull(known);
        await live.ReplaceAsync(await LoadAsync(), Stop);
        Assert.Same(known, live.Current.Confidence);
        await live.ReloadAsync(Stop);
        Assert.Same(known, live.Current.Confidence);
    }

    private LiveModel Live(TimeProvider time) => new(planted.Shop.Store.Items, planted.Shop.Tenant, () => [], time);

    private Task<TrainedModel> LoadAsync() =>
        planted.Shop.Store.Archive.LoadAsync(planted.Shop.Tenant, planted.Shop.Models.LiveId!, planted.Shop.Live.Current.Items, Stop);
}
