using System.Text;
using Grpc.Core;
using Recommender.Evaluation;
using Recommender.Models;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;
using ModelComparison = Recommender.Evaluation.ModelComparison;

namespace Recommender.Tests.Server;

/// <summary>A shop that is large enough to hold something out.</summary>
public sealed class PublishGateTests : IAsyncLifetime
{
    // One factor, one sweep, no neighbours: knows what is popular and nothing else.
    private const string Poor = """{"factorization":{"factors":1,"sweeps":1,"regularisation":10},"similarities":[]}""";

    private readonly PlantedShop _shop = new();

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        var more = from reader in Enumerable.Range(0, 600)
                   let kind = reader % 2 == 0 ? "crime" : "garden"
                   from number in Enumerable.Range(0, Kind).Where(number => (number * 7 + reader) % 20 < 10)
                   select Purchase($"more-{reader}-{number}", $"more-{reader}", $"{kind}-{number:00}");
        foreach (var batch in more.Chunk(1000)) await _shop.RecordAsync(batch);
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_version_that_is_worse_than_the_live_one_stays_out_unless_it_is_forced_and_the_record_says_so()
    {
        // What was live so far was trained when the shop was too small to hold anything out.
        var good = (await _shop.TrainAsync()).Model;
        Assert.True(good.Live);
        Assert.Contains("has learned what", good.Comparison.Summary, StringComparison.Ordinal);
        var card = ModelCard.Parse(Encoding.UTF8.GetBytes(good.CardJson));
        Assert.Equal(StandingHoldOut.ShareOf(6_960), card.HeldOutShare);
        Assert.True(card.Metrics["ndcg@20"] > card.Metrics["popularity_ndcg@20"]);

        var poor = (await _shop.TrainAsync(new TrainRequest { RecipeJson = Poor })).Model;
        Assert.Equal((false, true, good.ModelId), (poor.Live, poor.Comparison.Refused, poor.Comparison.LiveModelId));
        Assert.True(poor.Comparison.DifferenceHigh < 0 && poor.Comparison.Customers >= ModelComparison.FewestCustomers);
        Assert.Equal(good.ModelId, _shop.Shop.Models.LiveId);

        var refused = await Assert.ThrowsAsync<RpcException>(() => _shop.Models.PublishModelAsync(new() { ModelId = poor.ModelId }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("worse", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(good.ModelId, _shop.Shop.Models.LiveId);

        var forced = await _shop.Models.PublishModelAsync(new() { ModelId = poor.ModelId, Force = true });
        Assert.Equal((true, poor.ModelId), (forced.Live, _shop.Shop.Models.LiveId));
        var record = (await _shop.Models.ListModelsAsync(new())).Publications;
        Assert.StartsWith("published by force: NDCG@20", record[0].Reason, StringComparison.Ordinal);

        // The way back needs no force and is not held up.
        Assert.Equal(good.ModelId, (await _shop.Models.RollBackModelAsync(new())).ModelId);
    }

    [Fact]
    public async Task A_version_that_is_as_good_goes_live_and_the_record_has_the_figures()
    {
        await _shop.TrainAsync();
        var second = (await _shop.TrainAsync()).Model;
        Assert.Equal((true, false), (second.Live, second.Comparison.Refused));
        Assert.Equal((second.Comparison.Ndcg, 0), (second.Comparison.LiveNdcg, second.Comparison.Difference));
        Assert.StartsWith("trained: NDCG@20", (await _shop.Models.ListModelsAsync(new())).Publications[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_that_weigh_events_differently_are_each_asked_with_the_histories_they_read()
    {
        await _shop.TrainAsync();
        var other = (await _shop.TrainAsync(new TrainRequest
        {
            RecipeJson = """{"factorization":{"factors":2},"confidence":{"weights":{"purchase":0.5}}}""",
        })).Model;
        Assert.True(other.Comparison.Customers >= ModelComparison.FewestCustomers);
        // Both know the two kinds; were the one asked with the other's histories or numbers, it would be lost.
        Assert.All((double[])[other.Comparison.Ndcg, other.Comparison.LiveNdcg], ndcg => Assert.True(ndcg > 0.2));
    }
}
