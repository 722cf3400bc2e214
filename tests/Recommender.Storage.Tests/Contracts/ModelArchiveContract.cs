using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ModelArchiveContract(IStoreEngine engine) : StoreContract(engine)
{
    private static readonly TrainedModel _model = Train(seed: 1);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"recommender-archive-{Guid.NewGuid():N}");

    private IModelArchive Archive => Store.Archive;

    internal static TrainedModel Train(ulong seed)
    {
        var pairs = Enumerable.Range(0, 40).SelectMany(customer => Enumerable.Range(0, 30).Where(item => (customer + item) % 3 == 0).Select(item => (customer, item)));
        var recipe = new Recipe { Factorization = new FactorizationOptions { Factors = 6, Sweeps = 2 } };
        return Training.Run(new TrainingSet(Names("customer:c", 40), Names("book-", 30), InteractionMatrix.FromPairs(40, 30, pairs)), recipe, seed, threads: 1,
            availableBytes: 1L << 40, TimeProvider.System, progress: null, CancellationToken.None);
    }

    private static Vocabulary Names(string prefix, int count)
    {
        var names = new VocabularyBuilder();
        for (int i = 0; i < count; i++) names.Add($"{prefix}{i}");
        return names.Build();
    }

    [Fact]
    public async Task A_kept_model_is_loaded_as_it_was_by_whoever_opens_the_store()
    {
        ModelCard card = await Archive.SaveAsync(Books, _model, Stop);
        Assert.Equal([_model.Card.Id], await Archive.ListAsync(Books, Stop));
        await ReopenAsync();
        TrainedModel loaded = await Archive.LoadAsync(Books, _model.Card.Id, Stop);
        Assert.Equal(card.ToJson(), loaded.Card.ToJson());
        Assert.NotEmpty(card.Files);
        for (int item = 0; item < 30; item++) Assert.Equal(_model.ItemFactors.Row(item).ToArray(), loaded.ItemFactors.Row(item).ToArray());
    }

    [Fact]
    public async Task A_model_is_kept_once_and_one_that_is_not_there_is_named()
    {
        await Archive.SaveAsync(Books, _model, Stop);
        var taken = await Assert.ThrowsAnyAsync<IOException>(() => Archive.SaveAsync(Books, _model, Stop));
        Assert.Contains(_model.Card.Id, taken.Message, StringComparison.Ordinal);
        foreach (Func<Task> ask in (Func<Task>[])[() => Archive.LoadAsync(Books, "unknown", Stop), () => Archive.ExportAsync(Books, "unknown", _folder, Stop)])
            Assert.Contains("unknown", (await Assert.ThrowsAsync<InvalidModelException>(ask)).Message, StringComparison.Ordinal);
        Assert.NotNull(await Archive.LoadAsync(Books, _model.Card.Id, Stop));
    }

    [Fact]
    public async Task What_is_exported_is_a_models_folder_and_is_imported_elsewhere()
    {
        TrainedModel other = Train(seed: 2);
        await Archive.SaveAsync(Books, _model, Stop);
        string exported = Path.Combine(_folder, _model.Card.Id);
        try
        {
            await Archive.ExportAsync(Books, _model.Card.Id, exported, Stop);
            Assert.Equal([_model.Card.Id], new ModelFolder(_folder).List());
            new ModelFolder(_folder).Save(other, Stop);

            await Archive.ImportAsync(Books, Path.Combine(_folder, other.Card.Id), Stop);
            await Archive.ImportAsync(Books, Path.Combine(_folder, other.Card.Id), Stop);
            await Archive.ImportAsync(Books, exported, Stop);
            await ReopenAsync();
            Assert.Equal(new[] { _model.Card.Id, other.Card.Id }.OrderDescending(StringComparer.Ordinal), await Archive.ListAsync(Books, Stop));
            Assert.Equal(other.ItemFactors.Row(7).ToArray(), (await Archive.LoadAsync(Books, other.Card.Id, Stop)).ItemFactors.Row(7).ToArray());

            await File.AppendAllTextAsync(Path.Combine(exported, ModelFiles.Items), "one more\n", Stop);
            Directory.Move(exported, exported + "-damaged");
            await Assert.ThrowsAnyAsync<InvalidModelException>(() => Archive.ImportAsync(Books, Path.Combine(_folder, "nothing"), Stop));
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
