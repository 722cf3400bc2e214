using Recommender.Catalogue;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Repeats;
using Recommender.Scoring;
using Recommender.Storage;

namespace Recommender.Tests.Models;

/// <summary>A saved model numbers its items by the length of their factors; whoever asks by ids does not notice.</summary>
public sealed class SavedModelTests : IDisposable
{
    private const int Items = 200;
    private readonly string _root = Directory.CreateTempSubdirectory("saved-").FullName;
    private readonly TrainedModel _model = Train();
    private readonly SavedModel _saved;

    public SavedModelTests()
    {
        var folder = new ModelFolder(_root);
        folder.Save(_model, CancellationToken.None);
        _saved = new SavedModel(_model, folder.Load(_model.Card.Id));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Lengths_fall_and_equals_go_by_their_ids()
    {
        TrainedModel loaded = _saved.Loaded;
        double[] lengths = [.. Enumerable.Range(0, Items).Select(item => loaded.ItemFactors.Row(item).ToArray().Sum(factor => (double)factor * factor))];
        for (int item = 1; item < Items; item++)
            Assert.True(lengths[item - 1] > lengths[item] || (lengths[item - 1] == lengths[item] && string.CompareOrdinal(loaded.Items[item - 1], loaded.Items[item]) < 0));
        Assert.True(lengths[^1] == 0 && lengths[0] > 0, "The last item is wanted by nobody.");
        Assert.NotEqual(Enumerable.Range(0, Items), _saved.Numbers);

        var (factors, ids) = (new FactorMatrix(4, 2), new VocabularyBuilder());
        foreach (string id in (string[])["b", "B", "short", "a"]) factors.MutableRow(ids.Add(id))[ids.Count % 2] = id == "short" ? 1 : -2;
        Vocabulary built = ids.Build();
        Vocabulary ordered = ItemOrder.ByLength(factors, built).Of(built);
        Assert.Equal(["B", "a", "b", "short"], Enumerable.Range(0, 4).Select(item => ordered[item]));
    }

    [Fact]
    public void Every_id_keeps_its_factors_popularity_share_neighbours_and_habits()
    {
        TrainedModel loaded = _saved.Loaded;
        for (int item = 0; item < Items; item++)
        {
            int now = _saved.Numbers[item];
            Assert.Equal(_model.ItemFactors.Row(item), loaded.ItemFactors.Row(now));
            Assert.Equal(_model.Popularity.Means[item], loaded.Popularity.Means[now]);
            Assert.Equal(_model.Taste.Shares[item], loaded.Taste.Shares[now]);
            Assert.Equal((_model.Repeats!.Shares[item], _model.Repeats.Days[item]), (loaded.Repeats!.Shares[now], loaded.Repeats.Days[now]));
            for (int part = 0; part < 2; part++)
            {
                Assert.Equal(_saved.Of(_model.Similarities[part].Of(item)), loaded.Similarities[part].Of(now).ToArray());
                Assert.Equal(_model.Similarities[part].SimilaritiesOf(item), loaded.Similarities[part].SimilaritiesOf(now));
            }
        }
    }

    [Fact]
    public void Scores_reasons_and_neighbours_are_the_same_by_id()
    {
        Scorer before = new(_model), after = new(_saved.Loaded);
        var everything = new ItemMask(Items);
        everything.SetAll();
        ScoredItem[] top = new ScoredItem[Items], again = new ScoredItem[Items];
        Reason[] reasons = new Reason[4], reasonsAgain = new Reason[4];
        for (int item = 3; item < 60; item++)
        {
            int[] history = [item, item / 2 + 70, item / 3];
            int found = before.Personalised(history, [1, 2, 0.5f], everything, history, top);
            Assert.Equal(found, after.Personalised(_saved.Of(history), [1, 2, 0.5f], everything, _saved.Of(history), again));
            Assert.Equal(top[..found], _saved.Before(again[..found]));
            int first = top[0].Item, given = before.Reasons(first, reasons);
            Assert.Equal(given, after.Reasons(_saved.Numbers[first], reasonsAgain));
            Assert.Equal(reasons[..given].Select(reason => reason.HistoryIndex), reasonsAgain[..given].Select(reason => reason.HistoryIndex));
            Assert.All(reasons[..given].Zip(reasonsAgain), pair => Assert.Equal(pair.First.Term, pair.Second.Term, 1e-5f));
            found = before.Similar([item], everything, [], top);
            Assert.Equal(found, after.Similar([_saved.Numbers[item]], everything, [], again));
            Assert.Equal(top[..found], _saved.Before(again[..found]));
        }
    }

    [Fact]
    public void New_items_have_the_same_place_and_look_like_the_same_ones()
    {
        Newcomer before = _model.Placement!.Place(Book(1000), 5)!, after = _saved.Loaded.Placement!.Place(Book(1000), 5)!;
        Assert.Equal(before.Vector, after.Vector);
        Assert.Equal(before.Popularity, after.Popularity);
        // Items of one genre are equally like it, and the smaller number decides.
        Assert.All(after.Lookalikes, item => Assert.Equal("genre 0", ((AttributeValue.Text)Book(int.Parse(_saved.Loaded.Items[item][4..], null)).Attributes["genre"]).Value));
        for (int item = 0; item < Items; item++)
            Assert.Equal(_model.Placement.SharedWith(Book(1000), item), _saved.Loaded.Placement.SharedWith(Book(1000), _saved.Numbers[item]));
    }

    [Fact]
    public void Saved_again_it_has_the_same_bytes()
    {
        Dictionary<string, byte[]> once = SavedModel.Files(_model), twice = SavedModel.Files(_saved.Loaded);
        Assert.All(twice, file => Assert.Equal(once[file.Key], file.Value));
    }

    [Fact]
    public void Large_parts_are_used_where_they_lie_in_the_file_and_outlive_its_name()
    {
        Assert.True(_saved.Loaded.ItemFactors.IsMapped);
        Assert.True(_saved.Loaded.Similarities[0].IsMapped);
        Assert.Throws<InvalidOperationException>(() => _saved.Loaded.ItemFactors.MutableRow(0).Clear());
        foreach (string file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)) File.Delete(file);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Every_id_keeps_its_factors_popularity_share_neighbours_and_habits();
    }

    private static Item Book(int item) => new($"item{item}") { Attributes = new Item("").Attributes.Add("genre", new AttributeValue.Text($"genre {item % 4}")) };

    private static TrainedModel Train()
    {
        TrainingSet set = SmallShop.Random(4, customers: 100, Items);
        // The last of a random set nobody has, nor now the one before it.
        return SmallShop.Train(set with
        {
            Catalogue = Enumerable.Range(0, Items).Select(Book).ToDictionary(item => item.Id),
            Repeats = new RepeatRates([.. Enumerable.Range(0, Items).Select(item => item / 1000f)], [.. Enumerable.Range(0, Items).Select(item => 7f + item)]),
        }, SmallShop.Recipe(factors: 64));
    }
}
