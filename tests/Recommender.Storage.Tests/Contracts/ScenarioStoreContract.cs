using Recommender.Ranking;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ScenarioStoreContract(IStoreEngine engine) : StoreContract(engine)
{
    private IScenarioStore Scenarios => Store.Scenarios;

    private static readonly Scenario _cart = new("cart")
    {
        Strategy = Strategy.Similar,
        Filter = """item.price < 20.0 && "crime" in item.tags""",
        DefaultCount = 25,
        OfferBoughtAgain = true,
    };

    [Fact]
    public async Task Scenarios_come_back_whole_in_the_order_of_their_ids()
    {
        await Scenarios.UpsertAsync(Books, new Scenario("home"), Stop);
        await Scenarios.UpsertAsync(Books, _cart, Stop);
        await ReopenAsync();
        Assert.Equal([_cart, new Scenario("home")], await Scenarios.ListAsync(Books, Stop));
    }

    [Fact]
    public async Task A_scenario_is_replaced_whole_and_deleted_once()
    {
        await Scenarios.UpsertAsync(Books, _cart, Stop);
        await Scenarios.UpsertAsync(Books, new Scenario("cart"), Stop);
        Assert.Equal([new Scenario("cart")], await Scenarios.ListAsync(Books, Stop));
        Assert.True(await Scenarios.DeleteAsync(Books, "cart", Stop));
        Assert.False(await Scenarios.DeleteAsync(Books, "cart", Stop));
        Assert.Empty(await Scenarios.ListAsync(Books, Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        await Scenarios.UpsertAsync(Books, new Scenario(text) { Filter = text }, Stop);
        Assert.Equal([new Scenario(text) { Filter = text }], await Scenarios.ListAsync(Books, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Scenarios.UpsertAsync(Books, _cart, Stop);
        await Scenarios.UpsertAsync(Wines, new Scenario("cart"), Stop);
        Assert.False(await Scenarios.DeleteAsync(new Tenant("cheese"), "cart", Stop));
        Assert.True(await Scenarios.DeleteAsync(Books, "cart", Stop));
        Assert.Equal([new Scenario("cart")], await Scenarios.ListAsync(Wines, Stop));
    }
}
