using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Repeats;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ModelArchiveContract(IStoreEngine engine) : StoreContract(engine), IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("archive-").FullName;

    private IModelArchive Archive => Store.Archive;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_is_read_as_it_was_kept_and_its_card_has_the_checksums(bool withAttributesAndHabits)
    {
        var model = Train(withAttributesAndHabits);
        Assert.Empty(await Archive.ListAsync(Books, Stop));
        var card = await Archive.SaveAsync(Books, model, Stop);
        Assert.NotEmpty(card.Files);
        await ReopenAsync();

        var read = await Archive.LoadAsync(Books, card.Id, Vocabulary.Empty, Stop);
        Assert.Equal(card.ToJson(), read.Card.ToJson());
        Assert.Equal(Enumerable.Range(0, model.Items.Count).Select(item => model.Items[item]).Order(StringComparer.Ordinal),
            Enumerable.Range(0, read.Items.Count).Select(item => read.Items[item]).Order(StringComparer.Ordinal));
        Assert.All(Enumerable.Range(0, model.Items.Count), item => Assert.Equal(model.ItemFactors.Row(item), read.ItemFactors.Row(NumberIn(read, model.Items[item]))));
        Assert.Equal([card.Id], await Archive.ListAsync(Books, Stop));
        RequireSameOptionalParts(model, read);
    }

    [Fact]
    public async Task A_model_is_kept_once()
    {
        var model = Train();
        await Archive.SaveAsync(Books, model, Stop);
        await Assert.ThrowsAsync<IOException>(() => Archive.SaveAsync(Books, model, Stop));
        Assert.Single(await Archive.ListAsync(Books, Stop));
        await Archive.LoadAsync(Books, model.Card.Id, Vocabulary.Empty, Stop);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_exported_is_what_is_imported(bool withAttributesAndHabits)
    {
        var model = Train(withAttributesAndHabits);
        var card = await Archive.SaveAsync(Books, model, Stop);
        Assert.Equal(withAttributesAndHabits, card.Files.ContainsKey("features.txt"));
        Assert.Equal(withAttributesAndHabits, card.Files.ContainsKey("features.safetensors"));
        Assert.Equal(withAttributesAndHabits, card.Files.ContainsKey("repeats.safetensors"));
        string files = Path.Combine(_folder, card.Id);
        await Archive.ExportAsync(Books, card.Id, files, Stop);
        Assert.Equal(card.Files.Keys.Append("model.json").Order(StringComparer.Ordinal), Directory.EnumerateFiles(files).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // Under another name of the folder: the card says what model it is.
        string renamed = Path.Combine(_folder, "renamed");
        Directory.Move(files, renamed);
        await Archive.ImportAsync(Books, renamed, Stop);
        Assert.Equal([card.Id], await Archive.ListAsync(Books, Stop));
        await using var elsewhere = await Recommender.Storage.Sqlite.SqliteShopStore.OpenAsync(Path.Combine(_folder, "elsewhere"), TimeProvider.System, Stop);
        await elsewhere.Archive.ImportAsync(Books, renamed, Stop);
        var read = await elsewhere.Archive.LoadAsync(Books, card.Id, Vocabulary.Empty, Stop);
        Assert.Equal(card.ToJson(), read.Card.ToJson());
        RequireSameOptionalParts(model, read);
    }

    [Theory]
    [InlineData("items.txt")]
    [InlineData("features.txt")]
    [InlineData("features.safetensors")]
    [InlineData("repeats.safetensors")]
    public async Task A_model_that_is_not_there_or_is_damaged_is_refused_and_leaves_nothing(string file)
    {
        var absent = await Assert.ThrowsAsync<InvalidModelException>(() => Archive.LoadAsync(Books, "20260101-000000-absent", Vocabulary.Empty, Stop));
        Assert.Contains("20260101-000000-absent", absent.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidModelException>(() => Archive.ExportAsync(Books, "20260101-000000-absent", Path.Combine(_folder, "absent"), Stop));

        await using var elsewhere = await Recommender.Storage.Sqlite.SqliteShopStore.OpenAsync(Path.Combine(_folder, "elsewhere"), TimeProvider.System, Stop);
        var card = await elsewhere.Archive.SaveAsync(Books, Train(withAttributesAndHabits: true), Stop);
        string files = Path.Combine(_folder, card.Id);
        await elsewhere.Archive.ExportAsync(Books, card.Id, files, Stop);
        string damaged = Path.Combine(files, file);
        byte[] bytes = await File.ReadAllBytesAsync(damaged, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes, Stop);
        await Assert.ThrowsAsync<InvalidModelException>(() => Archive.ImportAsync(Books, files, Stop));
        Assert.Empty(await Archive.ListAsync(Books, Stop));
        await Assert.ThrowsAsync<InvalidModelException>(() => Archive.LoadAsync(Books, card.Id, Vocabulary.Empty, Stop));
    }

    /// <summary>Where a new item of the first genre belongs, and how often items are bought again.</summary>
    internal static void RequireSameOptionalParts(TrainedModel kept, TrainedModel read)
    {
        // A saved model has its own numbers of the same items.
        Assert.Equal(kept.Repeats is null, read.Repeats is null);
        for (int item = 0; kept.Repeats is not null && item < kept.Items.Count; item++)
        {
            int now = NumberIn(read, kept.Items[item]);
            Assert.Equal((kept.Repeats.Shares[item], kept.Repeats.Days[item]), (read.Repeats!.Shares[now], read.Repeats.Days[now]));
        }
        Newcomer? before = kept.Placement?.Place(Book("new", genre: 0), lookalikes: 3), after = read.Placement?.Place(Book("new", genre: 0), lookalikes: 3);
        Assert.Equal(before?.Vector, after?.Vector);
        // Of those that are equally like it the smaller numbers are taken.
        Assert.Equal(before?.Lookalikes.Length, after?.Lookalikes.Length);
    }

    private static int NumberIn(TrainedModel model, string id)
    {
        Assert.True(model.Items.TryGetNumber(id, out int number));
        return number;
    }

    private static Item Book(string id, int genre) => new(id)
    {
        Attributes = ImmutableSortedDictionary.CreateRange<string, AttributeValue>(StringComparer.Ordinal, [new("genre", new AttributeValue.Text($"genre {genre}"))]),
    };

    /// <param name="withAttributesAndHabits">Whether it learns from attributes and from purchases that came back: its folder then has files for them.</param>
    internal static TrainedModel Train(bool withAttributesAndHabits = false)
    {
        var (customers, items) = (new VocabularyBuilder(), new VocabularyBuilder());
        for (int one = 0; one < 8; one++)
        {
            customers.Add($"customer:{one}");
            items.Add($"item-{one}");
        }
        var pairs = from customer in Enumerable.Range(0, 8) from item in Enumerable.Range(0, 8) where (customer + item) % 3 > 0 select (customer, item);
        var recipe = new Recipe { Factorization = new FactorizationOptions { Factors = 2, Sweeps = 2 } };
        var set = new TrainingSet(customers.Build(), items.Build(), InteractionMatrix.FromPairs(8, 8, pairs));
        if (withAttributesAndHabits)
        {
            set = set with
            {
                Catalogue = Enumerable.Range(0, 8).ToDictionary(item => $"item-{item}", item => Book($"item-{item}", item % 2)),
                Repeats = new RepeatRates([.. Enumerable.Range(0, 8).Select(item => item / 8f)], [.. Enumerable.Range(0, 8).Select(item => 7f + item)]),
            };
        }
        var model = Training.Run(set, recipe, new TrainingConditions { Threads = 1 }, CancellationToken.None);
        Assert.Equal(withAttributesAndHabits, model.Placement is not null && model.Repeats is not null);
        return model;
    }
}
