using Recommender.ColdStart;
using Recommender.Models;
using Recommender.Scoring;
using Recommender.Tests.Models;

namespace Recommender.Tests.ColdStart;

public sealed class NewItemTests
{
    private static readonly AuthorShop _shop = new();

    [Fact]
    public void A_new_book_of_a_loved_author_is_the_first_of_the_new_books()
    {
        Scorer scorer = _shop.WithANewBookEach();
        var top = new ScoredItem[AuthorShop.Authors];
        for (int reader = 0; reader < AuthorShop.Readers; reader++)
        {
            Rank(scorer, reader, _shop.NewBooks(), top);
            Assert.Equal(_shop.Model.Items.Count + reader % AuthorShop.Authors, top[0].Item);
        }
    }

    [Fact]
    public void New_books_are_ranked_exactly_among_all_the_others()
    {
        Scorer scorer = _shop.WithANewBookEach();
        ItemMask all = AuthorShop.All(scorer);
        var top = new ScoredItem[20];
        for (int reader = 0; reader < 40; reader++)
        {
            int found = Rank(scorer, reader, all, top);
            int[] history = _shop.HistoryOf(reader).Columns.ToArray();
            var expected = Enumerable.Range(0, _shop.Model.Items.Count + AuthorShop.Authors).Where(item => !history.Contains(item))
                .Select(item => new ScoredItem(item, scorer.Score(item))).OrderByDescending(one => one.Score).ThenBy(one => one.Item).Take(20);
            Assert.Equal(expected, top[..found]);
        }
    }

    // Of ten books an author has eleven with the new one. It is expected to be wanted as the others are, less what is not known of it.
    [Fact]
    public void New_books_neither_flood_the_lists_nor_starve()
    {
        Scorer scorer = _shop.WithANewBookEach();
        ItemMask all = AuthorShop.All(scorer);
        var top = new ScoredItem[5];
        int shown = 0, fresh = 0;
        for (int reader = 0; reader < AuthorShop.Readers; reader++)
        {
            int found = Rank(scorer, reader, all, top);
            shown += found;
            fresh += top[..found].Count(one => one.Item >= _shop.Model.Items.Count);
        }
        // Everybody lacks four of the author's and the new one.
        Assert.InRange((double)fresh / shown, 0.05, 0.25);
    }

    [Fact]
    public void Reasons_of_a_new_book_add_up_to_its_score_and_begin_with_its_author()
    {
        Scorer scorer = _shop.WithANewBookEach();
        var reasons = new Reason[20];
        for (int reader = 0; reader < 24; reader++)
        {
            Rank(scorer, reader, _shop.NewBooks(), new ScoredItem[1]);
            int item = _shop.Model.Items.Count + reader % AuthorShop.Authors, count = scorer.Reasons(item, reasons);
            int because = _shop.HistoryOf(reader).Columns[reasons[0].HistoryIndex];
            Assert.Equal(reader % AuthorShop.Authors, because / AuthorShop.Books);
            Assert.Equal(("authors", AuthorShop.NameOf(reader % AuthorShop.Authors)), _shop.Model.Placement!.SharedWith(AuthorShop.Book("new", reader % AuthorShop.Authors, 0), because));
            float positive = reasons[..count].Sum(reason => reason.Term);
            Assert.InRange(scorer.Score(item), positive - 0.2f * positive, positive + 1e-4f);
        }
    }

    [Fact]
    public void What_goes_with_a_book_is_the_new_book_of_its_author_and_the_other_way_round()
    {
        Scorer scorer = _shop.WithANewBookEach();
        var top = new ScoredItem[AuthorShop.Books];
        Assert.Equal(1, scorer.Similar([33], _shop.NewBooks(), [], top.AsSpan(0, 1)));
        Assert.Equal(_shop.Model.Items.Count + 3, top[0].Item);

        int found = scorer.Similar([_shop.Model.Items.Count + 3], AuthorShop.All(scorer), [], top);
        Assert.Equal(AuthorShop.Books, found);
        Assert.All(top, one => Assert.Equal(3, one.Item / AuthorShop.Books));
    }

    [Fact]
    public void What_is_not_available_excluded_or_taken_out_is_not_offered()
    {
        Scorer scorer = _shop.WithANewBookEach();
        int known = _shop.Model.Items.Count;
        ItemMask available = _shop.NewBooks();
        available.Clear(known + 1);
        scorer.Newcomers = scorer.Newcomers.With([(known + 2, null)], _shop.Model.ItemFactors.Factors);
        var top = new ScoredItem[AuthorShop.Authors];
        int found = scorer.Personalised([0, 1], [1, 1], available, [known + 3, known + 5000], top);
        Assert.Equal([0, 4, 5, 6, 7], top[..found].Select(one => one.Item - known).Order());
    }

    [Fact]
    public void What_may_not_be_answered_still_has_its_score_and_its_reasons()
    {
        Scorer open = _shop.WithANewBookEach(), closed = _shop.WithANewBookEach();
        Reason[] reasons = new Reason[20], again = new Reason[20];
        for (int reader = 0; reader < 8; reader++)
        {
            Rank(open, reader, AuthorShop.All(open), new ScoredItem[20]);
            Rank(closed, reader, new ItemMask(closed.Newcomers.Length), new ScoredItem[20]);
            // What goes with something is asked in between, and is no part of it.
            closed.Similar([reader], AuthorShop.All(closed), [], new ScoredItem[5]);
            foreach (int item in open.Newcomers.Numbers) Assert.Equal(open.Score(item), closed.Score(item));
        }
        Rank(open, 0, AuthorShop.All(open), new ScoredItem[20]);
        Rank(closed, 0, new ItemMask(closed.Newcomers.Length), new ScoredItem[20]);
        int item0 = _shop.Model.Items.Count, count = open.Reasons(item0, reasons);
        Assert.Equal(count, closed.Reasons(item0, again));
        Assert.Equal(reasons[..count], again[..count]);
    }

    [Fact]
    public void One_more_new_item_costs_little_and_leaves_those_before_it_as_they_were()
    {
        const int Factors = 192;
        Newcomer one = new([.. Enumerable.Repeat(1f, Factors)], 0, [], []), other = one with { Vector = [.. Enumerable.Repeat(2f, Factors)] };
        Newcomers before = Newcomers.None(100).With([(101, one), (102, one), (190, one)], Factors);
        before.With([(102, other)], Factors);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Newcomers after = before.With([(102, other), (101, null), (103, other)], Factors);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 1, 12_000);

        Assert.Equal([101, 102, 190], before.Numbers);
        Assert.Equal([102, 103, 190], after.Numbers);
        Assert.Equal([1f, 1f, 0f], Values(before, 101, 102, 103));
        Assert.Equal([0f, 2f, 2f], Values(after, 101, 102, 103));
        Newcomers none = after.With([(102, null), (103, null)], Factors);
        Assert.Equal([190], none.Numbers);
        Assert.Null(none.Blocks[0]);

        static float[] Values(Newcomers newcomers, params int[] numbers) => [.. numbers.Select(number => newcomers.Blocks[number / 64 - newcomers.FirstWord]!.PaddedRow(number % 64)[Factors - 1])];
    }

    [Fact]
    public void The_same_attributes_teach_the_same_whatever_the_threads_and_survive_a_folder()
    {
        var other = new AuthorShop(threads: 1);
        Dictionary<string, byte[]> files = SavedModel.Files(_shop.Model), others = SavedModel.Files(other.Model);
        Assert.Equal(files["features.txt"], others["features.txt"]);
        Assert.Equal(files["features.safetensors"], others["features.safetensors"]);

        var saved = new SavedModel(_shop.Model, SavedModel.Read(_shop.Model, files));
        var top = new ScoredItem[20];
        var again = new ScoredItem[20];
        Scorer before = _shop.WithANewBookEach(), after = _shop.WithANewBookEach(saved.Loaded);
        int found = Rank(before, 7, AuthorShop.All(before), top);
        int[] history = saved.Of(_shop.HistoryOf(7).Columns);
        Assert.Equal(found, after.Personalised(history, AuthorShop.Ones(history.Length), AuthorShop.All(after), history, again));
        Assert.Equal(top, saved.Before(again));
    }

    [Fact]
    public void A_damaged_file_of_features_is_refused()
    {
        Dictionary<string, byte[]> files = SavedModel.Files(_shop.Model);
        files["features.safetensors"] = files["features.safetensors"][..^4];
        Assert.Contains("features.safetensors", Assert.Throws<InvalidModelException>(() => ModelFiles.Read(_shop.Model.Card, name => new MemoryStream(files[name]))).Message);
        files = SavedModel.Files(_shop.Model);
        files["features.txt"] = files["features.txt"][..(files["features.txt"].Length / 2)];
        Assert.Throws<InvalidModelException>(() => ModelFiles.Read(_shop.Model.Card, name => new MemoryStream(files[name])));
    }

    [Fact]
    public void Without_attributes_or_where_the_recipe_says_so_nothing_is_placed()
    {
        Assert.Null(SmallShop.Train(_shop.Set with { Catalogue = null }, SmallShop.Recipe()).Placement);
        Assert.Null(SmallShop.Train(_shop.Set, SmallShop.Recipe() with { NewItems = new NewItemOptions { Enabled = false } }).Placement);
        Assert.Null(_shop.Model.Placement!.Place(new Recommender.Catalogue.Item("bare"), 10));
        Recipe deaf = SmallShop.Recipe() with { NewItems = new NewItemOptions { Ignored = ["authors", "title", "year"] } };
        Assert.Null(SmallShop.Train(_shop.Set, deaf).Placement);
    }

    private static int Rank(Scorer scorer, int reader, ItemMask eligible, ScoredItem[] top)
    {
        ReadOnlySpan<int> history = _shop.HistoryOf(reader).Columns;
        return scorer.Personalised(history, AuthorShop.Ones(history.Length), eligible, history, top);
    }
}
