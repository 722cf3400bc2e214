using System.Security.Cryptography;
using System.Text;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Storage;

namespace Recommender.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private static readonly TrainedModel _model = SmallShop.Train(SmallShop.Random(4), SmallShop.Recipe(factors: 6));
    private readonly string _root = Directory.CreateTempSubdirectory("recommender-models-").FullName;
    private readonly ModelFolder _folder;

    public ModelFolderTests() => _folder = new ModelFolder(Path.Combine(_root, "models"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_saved_model_answers_as_before()
    {
        ModelCard card = _folder.Save(_model, CancellationToken.None);
        TrainedModel loaded = _folder.Load(_model.Card.Id);
        Assert.Equal([_model.Card.Id], _folder.List());
        Assert.Equal(card.ToJson(), loaded.Card.ToJson());
        Assert.Null(loaded.Customers);
        var everything = new ItemMask(_model.Items.Count);
        everything.SetAll();
        var saved = new SavedModel(_model, loaded);
        ScoredItem[] before = new ScoredItem[45], after = new ScoredItem[45];
        Scorer trained = new(_model), read = new(loaded);
        foreach (Func<Scorer, Func<int[], int[]>, ScoredItem[], int> ask in (Func<Scorer, Func<int[], int[]>, ScoredItem[], int>[])
        [
            (scorer, numbers, top) => scorer.Personalised(numbers([1, 2, 30]), [1, 0.5f, 2], everything, [], top),
            (scorer, numbers, top) => scorer.Popular(everything, [], top),
            (scorer, numbers, top) => scorer.Similar(numbers([1, 2]), everything, [], top),
        ])
        {
            int found = ask(trained, numbers => numbers, before);
            Assert.Equal(found, ask(read, numbers => saved.Of(numbers), after));
            Assert.Equal(before[..found], saved.Before(after[..found]));
        }
    }

    [Theory]
    [InlineData("""{ "format": 2, "what_nobody_calls_so_any_more": 1 }""", "format 2; this version reads 3 and 4")]
    [InlineData("""{ "what_nobody_calls_so_any_more": 1 }""", "no 'format'")]
    [InlineData("[]", "no 'format'")]
    [InlineData("null", "no 'format'")]
    [InlineData("{", "cannot be read")]
    public void A_card_of_another_format_is_told_by_its_format_and_not_by_its_keys(string card, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidModelException>(() => ModelCard.Parse(Encoding.UTF8.GetBytes(card))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_model_whose_repeats_are_of_other_items_never_comes_to_be()
    {
        TrainingSet set = SmallShop.Random(4) with { Repeats = new RepeatRates([0.5f], [30]) };
        Assert.Contains("45 items, there are 1 shares", Assert.Throws<InvalidModelException>(() => SmallShop.Train(set, SmallShop.Recipe(factors: 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_under_another_card_or_with_its_customers_still_knows_what_is_bought_again()
    {
        TrainingSet set = SmallShop.Random(4) with { Repeats = new RepeatRates([.. Enumerable.Repeat(0.5f, 45)], [.. Enumerable.Repeat(30f, 45)]) };
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe(factors: 2));
        Assert.Same(set.Repeats, model.With(model.Customers!).With(model.Card).Repeats);
    }

    [Fact]
    public void A_cancelled_save_leaves_nothing_behind()
    {
        Assert.Throws<OperationCanceledException>(() => _folder.Save(_model, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void What_a_killed_training_left_is_no_model_and_is_removed()
    {
        _folder.Save(_model, CancellationToken.None);
        Directory.CreateDirectory(_folder.PathOf("x") + ".tmp-77");
        File.WriteAllText(Path.Combine(_folder.PathOf("x") + ".tmp-77", "model.json"), "{}");
        Assert.Equal([_model.Card.Id], _folder.List());
        _folder.RemoveUnfinished();
        Assert.Equal([_folder.PathOf(_model.Card.Id)], Directory.GetDirectories(_folder.Root));
    }

    [Fact]
    public void A_model_is_never_overwritten()
    {
        _folder.Save(_model, CancellationToken.None);
        Assert.Throws<IOException>(() => _folder.Save(_model, CancellationToken.None));
    }

    [Theory]
    [InlineData("items.txt")]
    [InlineData("model.safetensors")]
    [InlineData("model.json")]
    public void A_missing_truncated_or_changed_file_is_refused_by_name(string name)
    {
        _folder.Save(_model, CancellationToken.None);
        string path = Path.Combine(_folder.PathOf(_model.Card.Id), name);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^9]);
        Refused(name == "model.json" ? "card" : name);
        byte[] changed = [.. whole];
        changed[whole.Length / 2] ^= 0x10;
        File.WriteAllBytes(path, changed);
        if (name != "model.json") Refused(name);
        File.Delete(path);
        Refused(name);
    }

    [Theory]
    [InlineData(0, "has a header that is not")]
    [InlineData(1, "says that its header has")]
    [InlineData(2, "item_factors")]
    [InlineData(3, "NaN")]
    [InlineData(4, "ends within")]
    [InlineData(5, "goes on after")]
    [InlineData(6, "expected")]
    [InlineData(7, "starts of neighbours")]
    [InlineData(8, "among its neighbours")]
    [InlineData(9, "vocabulary")]
    public void A_file_with_right_checksums_and_wrong_content_is_refused_too(int fault, string said)
    {
        _folder.Save(_model, CancellationToken.None);
        string path = Path.Combine(_folder.PathOf(_model.Card.Id), fault == 9 ? "items.txt" : "model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        int header = 8 + (int)BitConverter.ToInt64(bytes);
        switch (fault)
        {
            case 0: bytes[8] = (byte)'x'; break;
            case 1: bytes[6] = 1; break;
            case 2: bytes = Replaced(bytes, header, "item_factors", "item_fectors"); break;
            case 3: BitConverter.TryWriteBytes(bytes.AsSpan(header + 12), float.NaN); break;
            case 4: bytes = bytes[..^3]; break;
            case 5: bytes = [.. bytes, 0]; break;
            case 6: bytes = Replaced(bytes, header, "[0,", "[8,"); break;
            case 7: BitConverter.TryWriteBytes(bytes.AsSpan(Offset(bytes, header, "similarity_0_starts")), 5L); break;
            case 8: BitConverter.TryWriteBytes(bytes.AsSpan(Offset(bytes, header, "similarity_0_items")), 4500); break;
            default: bytes = Encoding.UTF8.GetBytes("item0\nitem0\n"); break;
        }
        File.WriteAllBytes(path, bytes);
        RewriteChecksum(path);
        Refused(said);
    }

    [Fact]
    public void Customers_are_not_read_to_serve_and_a_model_without_them_serves_but_does_not_travel()
    {
        _folder.Save(_model, CancellationToken.None);
        File.Delete(Path.Combine(_folder.PathOf(_model.Card.Id), "customers.safetensors"));
        Assert.Equal(_model.Items.Count, _folder.Load(_model.Card.Id).Items.Count);
        Assert.Contains("customers.safetensors", Assert.Throws<InvalidModelException>(() => _folder.CopyOut(_model.Card.Id, Path.Combine(_root, "copy"), CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_the_format_before_still_serves()
    {
        _folder.Save(_model, CancellationToken.None);
        string card = Path.Combine(_folder.PathOf(_model.Card.Id), "model.json");
        File.WriteAllText(card, (ModelCard.Parse(File.ReadAllBytes(card)) with { Format = 3, Pieces = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableArray<uint>>.Empty }).ToJson());
        Assert.Equal(_model.Items.Count, _folder.Load(_model.Card.Id).Items.Count);
        File.AppendAllText(Path.Combine(_folder.PathOf(_model.Card.Id), "items.txt"), "more\n");
        Refused("items.txt");
    }

    [Fact]
    public void A_card_of_another_format_or_another_model_is_refused()
    {
        _folder.Save(_model, CancellationToken.None);
        string card = Path.Combine(_folder.PathOf(_model.Card.Id), "model.json");
        File.WriteAllText(card, File.ReadAllText(card).Replace("\"format\": 4", "\"format\": 5", StringComparison.Ordinal));
        Refused("format 5");
        Directory.Move(_folder.PathOf(_model.Card.Id), _folder.PathOf("other"));
        File.WriteAllText(Path.Combine(_folder.PathOf("other"), "model.json"), _model.Card.ToJson());
        Assert.Contains(_model.Card.Id, Assert.Throws<InvalidModelException>(() => _folder.Load("other")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secrets")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string id) => Assert.Throws<InvalidModelException>(() => _folder.Load(id));

    private void Refused(string said) =>
        Assert.Contains(said, Assert.Throws<InvalidModelException>(() => _folder.Load(_model.Card.Id)).Message, StringComparison.Ordinal);

    private void RewriteChecksum(string path)
    {
        string card = Path.Combine(_folder.PathOf(_model.Card.Id), "model.json"), name = Path.GetFileName(path);
        ModelCard read = ModelCard.Parse(File.ReadAllBytes(card));
        File.WriteAllText(card, (read with { Files = read.Files.SetItem(name, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))) }).ToJson());
    }

    private static byte[] Replaced(byte[] bytes, int header, string from, string to)
    {
        string json = Encoding.UTF8.GetString(bytes, 8, header - 8);
        int at = json.IndexOf(from, StringComparison.Ordinal);
        return [.. bytes[..8], .. Encoding.UTF8.GetBytes(json.Remove(at, from.Length).Insert(at, to)), .. bytes[header..]];
    }

    private static int Offset(byte[] bytes, int header, string tensor)
    {
        using var json = System.Text.Json.JsonDocument.Parse(bytes.AsMemory(8, header - 8));
        return header + json.RootElement.GetProperty(tensor).GetProperty("data_offsets")[0].GetInt32();
    }
}
