using Recommender.Interactions;
using Recommender.Models;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Mongo;

/// <summary>What a server keeps of the store's models on its own machine.</summary>
public sealed class MongoModelCacheTests : IAsyncDisposable
{
    private static readonly TrainedModel _model = ModelArchiveContract.Train(withAttributesAndHabits: true);
    private readonly MongoEngine _engine = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string CachedItems => Directory.EnumerateFiles(_engine.Cache, ModelFiles.Items, SearchOption.AllDirectories).Single();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_damaged_copy_is_fetched_anew_and_a_whole_one_is_not()
    {
        await using IShopStore store = await _engine.OpenAsync(Stop);
        await store.Archive.SaveAsync(Tenant.Default, _model, Stop);
        byte[] items = await File.ReadAllBytesAsync(CachedItems, Stop);
        await File.WriteAllTextAsync(CachedItems, "nonsense", Stop);
        Assert.Equal(_model.Items.Count, (await store.Archive.LoadAsync(Tenant.Default, _model.Card.Id, Vocabulary.Empty, Stop)).Items.Count);
        Assert.Equal(items, await File.ReadAllBytesAsync(CachedItems, Stop));

        DateTime fetched = File.GetLastWriteTimeUtc(CachedItems);
        await store.Archive.LoadAsync(Tenant.Default, _model.Card.Id, Vocabulary.Empty, Stop);
        Assert.Equal(fetched, File.GetLastWriteTimeUtc(CachedItems));
    }

    [Fact]
    public async Task Two_servers_on_one_machine_may_fetch_a_model_at_once()
    {
        await using IShopStore store = await _engine.OpenAsync(Stop);
        await using IShopStore other = await _engine.OpenAsync(Stop);
        await store.Archive.SaveAsync(Tenant.Default, _model, Stop);
        Directory.Delete(_engine.Cache, recursive: true);
        TrainedModel[] loaded = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? store : other).Archive.LoadAsync(Tenant.Default, _model.Card.Id, Vocabulary.Empty, Stop)));
        Assert.All(loaded, model => Assert.Equal(loaded[0].ItemFactors.Row(3).ToArray(), model.ItemFactors.Row(3).ToArray()));
        Assert.All(loaded, model => ModelArchiveContract.RequireSameOptionalParts(_model, model));
        Assert.Empty(Directory.EnumerateDirectories(_engine.Cache, "*.tmp-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_model_that_is_damaged_in_the_store_is_not_served()
    {
        await using IShopStore store = await _engine.OpenAsync(Stop);
        await store.Archive.SaveAsync(Tenant.Default, _model, Stop);
        Directory.Delete(_engine.Cache, recursive: true);
        await _engine.RemoveOneAsync("models.chunks", Stop);
        var refusal = await Assert.ThrowsAsync<InvalidModelException>(() => store.Archive.LoadAsync(Tenant.Default, _model.Card.Id, Vocabulary.Empty, Stop));
        Assert.Contains(_model.Card.Id, refusal.Message, StringComparison.Ordinal);
    }
}
