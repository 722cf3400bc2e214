using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Storage;

namespace Recommender.Tests.Models;

/// <summary>What lies on a disk may be anything: it is refused with its file, or served; nothing else happens.</summary>
public sealed class DamagedModelTests : IDisposable
{
    private const int Items = 45;
    private readonly string _root = Directory.CreateTempSubdirectory("damaged-").FullName;
    private readonly ModelFolder _folder;
    private readonly TrainedModel _model = Train(factors: 32);

    public DamagedModelTests()
    {
        _folder = new ModelFolder(_root);
        _folder.Save(_model, CancellationToken.None);
    }

    public static TheoryData<string> Served => [.. (string[])["items.txt", "model.safetensors", "features.txt", "features.safetensors", "repeats.safetensors"]];

    private string Folder => _folder.PathOf(_model.Card.Id);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Served))]
    public void Cut_off_anywhere_a_file_is_refused_by_its_name(string name)
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Folder, name));
        foreach (int length in Enumerable.Range(0, 40).Select(part => part * (whole.Length - 1) / 39).Distinct())
        {
            File.WriteAllBytes(Path.Combine(Folder, name), whole[..length]);
            Assert.Contains($"'{name}'", Refused().Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void A_byte_changed_anywhere_is_refused_by_the_name_of_its_file(string name)
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Folder, name));
        foreach (int at in Enumerable.Range(0, 40).Select(part => part * (whole.Length - 1) / 39).Distinct())
        {
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            File.WriteAllBytes(Path.Combine(Folder, name), changed);
            Assert.Contains($"'{name}'", Refused().Message, StringComparison.Ordinal);
        }
    }

    // The first fails at once when it is read; the second has a length and fails then; the third is none.
    [Theory]
    [InlineData("/proc/self/mem")]
    [InlineData("/sys/class/net/lo/speed")]
    [InlineData("/tmp")]
    public void What_the_disk_does_not_give_back_is_refused_with_its_place_and_what_to_do(string unreadable)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Path.Exists(unreadable), $"There is no {unreadable} here.");
        string file = Path.Combine(Folder, "model.safetensors");
        File.Delete(file);
        File.CreateSymbolicLink(file, unreadable);
        string said = Refused().Message;
        Assert.Contains(Folder, said, StringComparison.Ordinal);
        Assert.Contains("See whether the disk is sound", said, StringComparison.Ordinal);
    }

    // What somebody wrote on purpose has the right checksums: then it is told by what is in it, or it is a model.
    [Theory]
    [MemberData(nameof(Served))]
    public void With_right_checksums_what_is_cut_off_or_changed_is_refused_or_served(string name)
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Folder, name));
        int refused = 0, served = 0;
        for (int part = 0; part < 60; part++)
        {
            byte[] changed = [.. whole];
            int at = (int)(part * (whole.Length - 1L) / 59);
            changed[at] ^= (byte)(1 << part % 8);
            foreach (byte[] bytes in (byte[][])[changed, whole[..at]])
            {
                Write(name, bytes);
                try
                {
                    Answer(_folder.Load(_model.Card.Id));
                    served++;
                }
                catch (InvalidModelException) { refused++; }
            }
        }
        Assert.True(refused >= 50, $"{refused} refused, {served} served");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_none_is_refused_in_every_tensor_of_floats(float number)
    {
        foreach ((string file, string tensor) in ((string, string)[])
        [
            ("model.safetensors", "item_factors"), ("model.safetensors", "gramian_eigenvalues"), ("model.safetensors", "popularity"), ("model.safetensors", "taste_shares"),
            ("model.safetensors", "taste_covariance"), ("model.safetensors", "similarity_0_values"), ("features.safetensors", "feature_factors"),
            ("features.safetensors", "feature_popularity"), ("features.safetensors", "mean_item"), ("features.safetensors", "item_features_values"),
            ("repeats.safetensors", "repeat_shares"), ("repeats.safetensors", "repeat_days"),
        ])
        {
            byte[] whole = File.ReadAllBytes(Path.Combine(Folder, file));
            byte[] changed = [.. whole];
            (int from, int to) = Place(changed, tensor);
            BitConverter.TryWriteBytes(changed.AsSpan(to - 4), number);
            Write(file, changed);
            Refused();
            Write(file, whole);
        }
        Answer(_folder.Load(_model.Card.Id));
    }

    [Theory]
    [InlineData("similarity_0_starts", 8, "starts of neighbours")]
    [InlineData("similarity_0_starts", -8, "starts of neighbours")]
    [InlineData("similarity_0_items", 4, "among its neighbours")]
    [InlineData("item_factors_zero_rows", 4, "other than 0")]
    public void What_would_lead_out_of_the_arrays_is_refused(string tensor, int offset, string said)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, "model.safetensors"));
        (int from, int to) = Place(bytes, tensor);
        foreach (long wild in (long[])[-1, 1L << 40, Items, int.MaxValue])
        {
            byte[] changed = [.. bytes];
            Span<byte> at = changed.AsSpan(offset > 0 ? from + offset : to + offset);
            if (tensor.EndsWith("starts", StringComparison.Ordinal)) BitConverter.TryWriteBytes(at, wild == Items ? long.MaxValue : wild);
            else BitConverter.TryWriteBytes(at, wild == 1L << 40 ? int.MinValue : (int)wild);
            Write("model.safetensors", changed);
            Assert.Contains(said, Refused().Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":null,"shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"item_factors":{"dtype":"F32","shape":[0,4294967296],"data_offsets":[0,0]}}""")]
    [InlineData("""{"item_factors":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"item_factors":{"dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"item_factors":{"dtype":"F32","shape":[0,0],"data_offsets":[0,0]},"item_factors":{"dtype":"F32","shape":[0,0],"data_offsets":[0,0]}}""")]
    public void A_header_with_wild_shapes_is_refused_and_takes_no_memory(string header)
    {
        byte[] bytes = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.UTF8.GetBytes(header).CopyTo(bytes, 8);
        Write("model.safetensors", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("model.safetensors", Refused().Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory]
    [InlineData("items", 0, "0 items")]
    [InlineData("items", -1, "-1 items")]
    [InlineData("items", 46, "46 items")]
    [InlineData("features", 1, "features")]
    public void A_card_that_says_what_the_files_are_not_is_refused(string field, int value, string said)
    {
        string card = Path.Combine(Folder, "model.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(card))!;
        json[field] = value;
        File.WriteAllText(card, json.ToJsonString());
        Assert.Contains(said, Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 64)]
    [InlineData(2, 7)]
    [InlineData(63, 33)]
    [InlineData(64, 32)]
    [InlineData(65, 96)]
    [InlineData(129, 31)]
    public void Whatever_the_number_of_items_and_factors_a_loaded_model_scores_as_the_one_that_was_trained(int items, int factors)
    {
        TrainingSet set = SmallShop.Set(40, items, from customer in Enumerable.Range(0, 40) from item in Enumerable.Range(0, items) where (customer * 7 + item * 3) % 5 < 2 || item == 0 select (customer, item));
        TrainedModel model = SmallShop.Train(set, SmallShop.Recipe(factors, sweeps: 2));
        _folder.Save(model, CancellationToken.None);
        var saved = new SavedModel(model, _folder.Load(model.Card.Id));
        Assert.Equal(factors % 32 == 0, saved.Loaded.ItemFactors.IsMapped);
        Assert.All(Answer(model).Zip(saved.Numbers, (score, number) => (score, number)), one => Assert.Equal(one.score, Answer(saved.Loaded, saved.Numbers[0])[one.number], 1e-5f));
    }

    private static float[] Answer(TrainedModel model, int bought = 0)
    {
        var everything = new ItemMask(model.Items.Count);
        everything.SetAll();
        var scorer = new Scorer(model);
        var top = new ScoredItem[model.Items.Count];
        scorer.Personalised([bought], [1], everything, [], top);
        scorer.Similar([bought], everything, [], top);
        scorer.Popular(everything, [], top);
        return [.. Enumerable.Range(0, model.Items.Count).Select(scorer.Score)];
    }

    private static TrainedModel Train(int factors)
    {
        TrainingSet set = SmallShop.Random(4);
        Item[] catalogue = [.. Enumerable.Range(0, Items).Select(item => new Item($"item{item}") { Attributes = new Item("").Attributes.Add("genre", new AttributeValue.Text($"genre {item % 4}")) })];
        return SmallShop.Train(set with
        {
            Catalogue = catalogue.ToDictionary(item => item.Id),
            Repeats = new RepeatRates([.. Enumerable.Repeat(0.5f, Items)], [.. Enumerable.Repeat(30f, Items)]),
        }, SmallShop.Recipe(factors));
    }

    private InvalidModelException Refused()
    {
        var refused = Assert.Throws<InvalidModelException>(() => _folder.Load(_model.Card.Id));
        Assert.Contains(_model.Card.Id, refused.Message, StringComparison.Ordinal);
        return refused;
    }

    private void Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(Folder, name), bytes);
        string card = Path.Combine(Folder, "model.json");
        ModelCard read = ModelCard.Parse(File.ReadAllBytes(card));
        File.WriteAllText(card, (read with { Files = read.Files.SetItem(name, Convert.ToHexStringLower(SHA256.HashData(bytes))) }).ToJson());
    }

    private static (int From, int To) Place(byte[] bytes, string tensor)
    {
        int header = 8 + (int)BitConverter.ToInt64(bytes);
        JsonNode offsets = JsonNode.Parse(bytes.AsSpan(8, header - 8))![tensor]!["data_offsets"]!;
        return (header + offsets[0]!.GetValue<int>(), header + offsets[1]!.GetValue<int>());
    }
}
