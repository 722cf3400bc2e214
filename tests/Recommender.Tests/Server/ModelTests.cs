using Grpc.Core;
using Recommender.Protocol.V1;
using static Recommender.Tests.Server.PlantedShop;
using Person = Recommender.Interactions.Person;

namespace Recommender.Tests.Server;

/// <summary>Each test has a shop of its own, since each changes which model is live.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private readonly PlantedShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Training_tells_its_progress_and_the_new_version_is_live_at_its_end()
    {
        var trained = await _shop.TrainAsync();

        Assert.True(trained.Model.Live);
        Assert.Equal(trained.Steps.Select(step => step.Fraction).Order(), trained.Steps.Select(step => step.Fraction));
        Assert.Equal(1, trained.Steps[^1].Fraction);
        Assert.Equal(trained.Model.ModelId, (await _shop.RecommendAsync(new() { CustomerId = "crime-reader-1" })).ModelVersion);
        Assert.Contains("\"interactions\"", trained.Model.CardJson);
    }

    [Fact]
    public async Task A_version_is_published_and_rolled_back_and_a_restart_serves_the_live_one()
    {
        string first = (await _shop.Models.ListModelsAsync(new())).Models[0].ModelId;
        string second = (await _shop.TrainAsync()).Model.ModelId;
        string kept = (await _shop.TrainAsync(new TrainRequest { Publish = false })).Model.ModelId;
        Assert.Equal([kept, second, first], (await _shop.Models.ListModelsAsync(new())).Models.Select(model => model.ModelId));
        Assert.Equal(second, _shop.Shop.Models.LiveId);

        Assert.Equal(first, (await _shop.Models.RollBackModelAsync(new())).ModelId);
        var nothingBefore = await Assert.ThrowsAsync<RpcException>(() => _shop.Models.RollBackModelAsync(new()).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, nothingBefore.StatusCode);
        await _shop.Models.PublishModelAsync(new() { ModelId = kept });

        await _shop.StopAsync();
        await _shop.StartAsync();
        Assert.Equal(kept, (await _shop.RecommendAsync(new() { CustomerId = "crime-reader-1" })).ModelVersion);
        Assert.Equal(first, (await _shop.Models.RollBackModelAsync(new())).ModelId);
    }

    [Fact]
    public async Task After_a_swap_everybody_is_answered_as_by_a_shop_just_opened()
    {
        string first = _shop.Shop.Models.LiveId!;
        // Read alike as of another day; read in another way; and items that only one version has learned, so that numbers differ.
        _shop.Clock.Advance(TimeSpan.FromDays(100));
        await _shop.RecordAsync(Purchase("later", "crime-reader-1", "crime-new"), Purchase("later still", "garden-reader-2", "garden-01"));
        string later = (await _shop.TrainAsync(new TrainRequest { Publish = false })).Model.ModelId;
        var otherwise = Small with { Confidence = new() { HalfLifeDays = 20, ConfidenceLimit = 0.7 } };
        string read = (await _shop.TrainAsync(new TrainRequest { Publish = false, RecipeJson = otherwise.ToJson() })).Model.ModelId;

        var before = await AnswersAsync();
        foreach (string version in (string[])[later, read, first, read, later])
        {
            await _shop.Models.PublishModelAsync(new() { ModelId = version, Force = true });
            var swapped = await AnswersAsync();
            await _shop.StopAsync();
            await _shop.StartAsync();
            Assert.Equal(await AnswersAsync(), swapped);
            Assert.All(swapped, answer => Assert.Equal(version, answer.ModelVersion));
            Assert.NotEqual(Ranking(before), Ranking(swapped));
            before = swapped;
        }

        static IEnumerable<string> Ranking(IEnumerable<RecommendResponse> answers) => answers.SelectMany(answer => answer.Items).Select(item => item.ItemId);

        async Task<List<RecommendResponse>> AnswersAsync()
        {
            var answers = new List<RecommendResponse>();
            foreach (string customer in (string[])["crime-reader-1", "crime-reader-2", "garden-reader-2", "garden-reader-3"])
                answers.Add(await _shop.RecommendAsync(new() { CustomerId = customer, Count = 30, Preview = true }));
            return answers;
        }
    }

    [Fact]
    public async Task A_damaged_model_is_refused_and_the_live_one_stays()
    {
        string damaged = (await _shop.TrainAsync(new TrainRequest { Publish = false })).Model.ModelId;
        string live = _shop.Shop.Models.LiveId!;
        string factors = Path.Combine(_shop.Folder, "models", damaged, "model.safetensors");
        await using (var file = new FileStream(factors, FileMode.Open)) file.SetLength(file.Length / 2);

        var error = await Assert.ThrowsAsync<RpcException>(() => _shop.Models.PublishModelAsync(new() { ModelId = damaged }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains(damaged, error.Status.Detail);
        Assert.Equal(live, (await _shop.RecommendAsync(new() { CustomerId = "crime-reader-1" })).ModelVersion);
    }

    [Fact]
    public async Task A_shop_whose_live_model_was_damaged_starts_with_the_one_before_and_says_so()
    {
        string before = _shop.Shop.Models.LiveId!;
        string damaged = (await _shop.TrainAsync()).Model.ModelId;
        await _shop.StopAsync();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_shop.Folder, "models", damaged))) await File.WriteAllTextAsync(file, "not what it was");
        await _shop.StartAsync();

        var answer = await _shop.RecommendAsync(new() { CustomerId = "crime-reader-1" });
        Assert.Equal((before, true), (answer.ModelVersion, answer.Degraded));
        Assert.Contains(damaged, answer.DegradedReason);
        await _shop.TrainAsync();
        Assert.False((await _shop.RecommendAsync(new() { CustomerId = "crime-reader-1" })).Degraded);
    }

    [Fact]
    public async Task A_cancelled_training_leaves_no_version_and_no_folder()
    {
        int before = Directory.GetFileSystemEntries(Path.Combine(_shop.Folder, "models")).Length;
        var endless = Small with { Factorization = Small.Factorization with { Factors = 256, Sweeps = 400 } };
        using (var call = _shop.Models.Train(new TrainRequest { RecipeJson = endless.ToJson() }))
        {
            await call.ResponseStream.MoveNext(default);
            Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(() => _shop.TrainAsync())).StatusCode);
        }

        // The call is gone at once; the training notices within a block of rows.
        while (true)
        {
            try { await _shop.TrainAsync(); }
            catch (RpcException error) when (error.StatusCode == StatusCode.Aborted) { await Task.Delay(20); continue; }
            break;
        }
        Assert.Equal(before + 1, Directory.GetFileSystemEntries(Path.Combine(_shop.Folder, "models")).Length);
        Assert.Equal(2, (await _shop.Models.ListModelsAsync(new())).Models.Count);
    }

    [Fact]
    public async Task A_recipe_with_a_typing_slip_is_refused_by_its_key()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _shop.TrainAsync(new TrainRequest { RecipeJson = """{"factorization":{"factrs":8}}""" }));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("factrs", error.Status.Detail);
        Assert.Contains("factors", error.Status.Detail);
    }

    [Fact]
    public async Task A_trainer_that_this_build_does_not_have_is_refused_before_anything_is_read()
    {
        var steps = new List<Recommender.Server.Training.TrainingStep>();
        var error = await Assert.ThrowsAsync<RpcException>(() => _shop.TrainAsync(new TrainRequest { RecipeJson = """{"factorization":{"trainer":"magic"}}""" }));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("\"magic\"", error.Status.Detail);
        var recipe = Small with { Factorization = Small.Factorization with { Trainer = "magic" } };
        await Assert.ThrowsAsync<Recommender.Models.InvalidRecipeException>(() => _shop.Shop.Models.TrainAsync(recipe, Recommender.Server.Training.PublishWish.Keep, 1, new Seen(steps), default));
        Assert.Empty(steps);
    }

    private sealed class Seen(List<Recommender.Server.Training.TrainingStep> steps) : IProgress<Recommender.Server.Training.TrainingStep>
    {
        public void Report(Recommender.Server.Training.TrainingStep value) => steps.Add(value);
    }

    [Fact]
    public async Task Answers_come_from_a_whole_model_while_versions_are_swapped_under_load()
    {
        string[] versions = [_shop.Shop.Models.LiveId!, (await _shop.TrainAsync()).Model.ModelId];
        using var swapping = new CancellationTokenSource();
        int answers = 0;
        var asking = Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            while (!swapping.IsCancellationRequested)
            {
                var answer = await _shop.RecommendAsync(new() { CustomerId = $"garden-reader-{reader}", Count = 5 });
                Assert.Contains(answer.ModelVersion, versions);
                Assert.All(answer.Items, item => Assert.StartsWith("garden-", item.ItemId));
                Interlocked.Increment(ref answers);
            }
        })).ToArray();
        for (int swap = 0; (swap < 20 || Volatile.Read(ref answers) < 50) && !asking.Any(one => one.IsFaulted); swap++) await _shop.Models.PublishModelAsync(new() { ModelId = versions[swap % 2] });
        await swapping.CancelAsync();
        await Task.WhenAll(asking);
    }

    [Fact]
    public async Task A_shop_without_a_model_fills_its_boxes_and_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("no-model-");
        await using (var shop = await Recommender.Server.Shop.OpenAsync(new() { Store = Recommender.Storage.ShopLocation.Parse(folder.FullName) }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, default))
        {
            await shop.Live.UpsertItemsAsync([new("a"), new("b") { Available = false }, new("c")], default);
            var answer = await shop.Recommending.AnswerAsync(new() { Person = Person.Customer("x") }, default);
            Assert.Equal(["a", "c"], answer.Served.Items.Select(item => item.ItemId));
            Assert.Equal("catalogue", answer.Served.ServedBy);
            Assert.NotEqual("", answer.Degraded);
        }
        folder.Delete(recursive: true);
    }
}
