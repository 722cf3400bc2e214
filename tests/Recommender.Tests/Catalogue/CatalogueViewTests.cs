using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.Expressions;
using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Server.Training;

namespace Recommender.Tests.Catalogue;

public sealed class CatalogueViewTests
{
    private static readonly string[] _filters =
    [
        "item.price < 50", "!(item.price < 50)", "'crime' in item.tags", "item.genre == 'crime' || item.price > 90", "has(item.genre)", "",
    ];

    [Fact]
    public void Items_of_the_model_keep_its_numbers_and_others_follow()
    {
        CatalogueView view = View(["a", "b"], [Book("x", 1), Book("b", 2)]);
        Assert.True(view.Shelves.TryGetNumber("a", out int a));
        Assert.True(view.Shelves.TryGetNumber("b", out int b));
        Assert.True(view.Shelves.TryGetNumber("x", out int x));
        Assert.Equal((0, 1, 2), (a, b, x));
        Assert.Null(view.Shelves.Find("a"));
        Assert.False(view.Shelves.Eligible[a]); // the model knows it and the catalogue does not
        Assert.True(view.Shelves.Eligible[b] && view.Shelves.Eligible[x]);
        Assert.False(view.Shelves.TryGetNumber("unheard-of", out _));
    }

    [Fact]
    public void For_another_model_the_same_items_are_numbered_anew_and_filters_stay_worked_out()
    {
        string[] filters = ["item.price < 50", "!(item.price < 50)", ""];
        CatalogueView before = View(["a", "b", "c"], [Book("x", 10), Book("w", 70), Book("a", 60), Book("b", 20), Book("c", 30) with { Available = false }]);
        foreach (string filter in filters) before.Shelves.Where(filter, default);
        before.Upsert([Book("y", 5)]);
        before.Delete(["b"]);

        CatalogueView after = before.For(Numbers(["c", "new", "y", "a"]));

        CatalogueView read = View(["c", "new", "y", "a"], [Book("a", 60), Book("c", 30) with { Available = false }, Book("w", 70), Book("x", 10), Book("y", 5)]);
        Assert.Equal(read.Shelves.All, after.Shelves.All);
        Assert.Equal(Ids(read, read.Shelves.Eligible), Ids(after, after.Shelves.Eligible));
        foreach (string filter in filters)
        {
            Assert.Equal(filter.Length > 0, after.Shelves.Filters.ContainsKey(filter));
            Assert.Equal(Ids(read, read.Shelves.Where(filter, default)), Ids(after, after.Shelves.Where(filter, default)));
        }
        after.Upsert([Book("b", 40)]);
        Assert.Contains("b", Shown(after, "item.price < 50"));
        Assert.Null(before.Shelves.Find("b"));
    }

    [Fact]
    public void What_is_deleted_or_not_available_leaves_at_once_and_may_come_back()
    {
        CatalogueView view = View(["a", "b"], [Book("a", 10), Book("b", 10)]);
        Assert.Equal(["a", "b"], Shown(view, "item.price < 50"));

        view.Upsert([Book("a", 10) with { Available = false }]);
        Assert.Equal(["b"], Shown(view, "item.price < 50"));
        // A filter tells what fits, not what is available.
        Assert.Equal(["a", "b"], Ids(view, view.Shelves.Where("item.price < 50", default)));

        Assert.Equal(1, view.Delete(["b", "nobody"]));
        Assert.Empty(Shown(view, "item.price < 50"));

        view.Upsert([Book("a", 70), Book("b", 20)]);
        Assert.Equal(["b"], Shown(view, "item.price < 50"));
        Assert.Equal(["a", "b"], Shown(view, "  "));
    }

    [Fact]
    public void An_item_of_another_kind_is_refused_with_all_that_came_with_it()
    {
        CatalogueView view = View([], [Book("a", 10)]);
        Item[] batch = [Book("b", 20), Book("c", 0) with { Attributes = Attributes(("price", new AttributeValue.Text("20 EUR"))) }];
        Assert.Throws<SchemaException>(() => view.Check(batch));
        Assert.Throws<SchemaException>(() => view.Upsert(batch));
        Assert.Equal(["a"], Shown(view, ""));
    }

    [Fact]
    public void Within_one_batch_too_kinds_must_agree_and_the_last_of_one_id_counts()
    {
        CatalogueView view = View([], []);
        Item text = Book("a", 0) with { Attributes = Attributes(("price", new AttributeValue.Text("20"))) };
        Assert.Throws<SchemaException>(() => view.Upsert([text, Book("b", 20)]));
        view.Upsert([text, Book("a", 20), Book("b", 20)]);
        Assert.Equal(["a", "b"], Shown(view, "item.price == 20"));
    }

    [Fact]
    public void A_filter_follows_its_attribute_to_another_kind()
    {
        CatalogueView view = View([], [Book("a", 10)]);
        Assert.Equal(["a"], Shown(view, "item.price == 10"));
        view.Delete(["a"]);
        Assert.Empty(Shown(view, "item.price == 10"));
        view.Upsert([new Item("b") { Attributes = Attributes(("price", new AttributeValue.Text("10"))) }]);
        Assert.Throws<ExpressionException>(() => Shown(view, "item.price == 10"));
        Assert.Equal(["b"], Shown(view, "item.price == '10'"));
    }

    [Fact]
    public void An_unknown_field_is_an_error_until_an_item_has_it()
    {
        CatalogueView view = View([], [Book("a", 10)]);
        Assert.Throws<ExpressionException>(() => Shown(view, "item.colour == 'red'"));
        view.Upsert([new Item("b") { Attributes = Attributes(("colour", new AttributeValue.Text("red"))) }]);
        Assert.Equal(["b"], Shown(view, "item.colour == 'red'"));
    }

    [Fact]
    public void An_id_that_comes_twice_is_refused() => Assert.Throws<ArgumentException>(() => View(["a"], [Book("a", 1), Book("a", 2)]));

    [Fact]
    public void A_request_that_holds_shelves_which_were_outgrown_spoils_no_filter_for_others()
    {
        CatalogueView view = View([], [Book("a", 10)]);
        Shelves outgrown = view.Shelves;
        Item[] many = [.. Enumerable.Range(0, outgrown.Length).Select(i => Book($"n{i}", 20))];
        view.Upsert(many);
        Assert.Equal(outgrown.Length, outgrown.Where("item.price < 50", default).Length);
        Assert.Equal(1 + many.Length, view.Shelves.Where("item.price < 50", default).Count);
    }

    [Fact]
    public void Cancelling_leaves_nothing_half_worked_out()
    {
        CatalogueView view = View([], [Book("a", 10)]);
        Assert.Throws<OperationCanceledException>(() => view.Shelves.Where("item.price < 50", new CancellationToken(canceled: true)));
        Assert.Empty(view.Shelves.Filters);
        Assert.Equal(["a"], Shown(view, "item.price < 50"));
    }

    [Fact]
    public void No_more_filters_are_kept_than_allowed_and_those_in_use_stay()
    {
        CatalogueView view = View([], [Book("a", 10)], cachedFilters: 4);
        for (int i = 0; i < 50; i++)
        {
            Shown(view, "item.price < 50");
            Assert.Equal(i > 10 ? ["a"] : [], Shown(view, $"item.price < {i}"));
            Assert.InRange(view.Shelves.Filters.Count, 1, 4);
        }
        ItemMask before = view.Shelves.Where("item.price < 50", default);
        Shown(view, "item.price < 99");
        Assert.Same(before, view.Shelves.Where("item.price < 50", default));
    }

    [Fact]
    public void Filters_that_hold_together_are_put_together_once_in_whatever_order_until_something_is_written()
    {
        CatalogueView view = View([], [Book("a", 10, "crime"), Book("b", 10), Book("c", 70, "crime")]);
        ItemMask together = Together(view, "item.price < 50", "", "'crime' in item.tags");
        Assert.Equal(["a"], Ids(view, together));
        Assert.Same(together, Together(view, "'crime' in item.tags", "item.price < 50", "item.price < 50"));
        Assert.Same(view.Shelves.Eligible, Together(view, "", " "));

        view.Upsert([Book("b", 10, "crime")]);
        Assert.Equal(["a", "b"], Ids(view, Together(view, "item.price < 50", "'crime' in item.tags")));
        view.Upsert([Book("a", 10, "crime") with { Available = false }]);
        Assert.Equal(["b"], Ids(view, Together(view, "item.price < 50", "'crime' in item.tags")));
        view.Delete(["b"]);
        Assert.Empty(Ids(view, Together(view, "item.price < 50", "'crime' in item.tags")));
    }

    [Fact]
    public void No_more_combinations_are_kept_than_allowed()
    {
        var combinations = new FilterCombinations(most: 4);
        var masks = Enumerable.Range(0, 50).Select(_ => new ItemMask(64)).ToArray();
        for (int i = 0; i < masks.Length; i++)
        {
            combinations.Put(new FilterSet([$"item.price < {i}"]), writes: 7, masks[i]);
            Assert.True(combinations.TryGet(new FilterSet([$"item.price < {i}"]), writes: 7, out ItemMask? known));
            Assert.Same(masks[i], known);
            Assert.False(combinations.TryGet(new FilterSet([$"item.price < {i}"]), writes: 8, out _));
            Assert.InRange(Enumerable.Range(0, 50).Count(n => combinations.TryGet(new FilterSet([$"item.price < {n}"]), writes: 7, out _)), 1, 4);
        }
    }

    [Fact]
    public async Task A_new_filter_does_not_wait_for_another_that_is_being_worked_out()
    {
        Item slow = Book("slow", 10, "crime");
        using var looking = new LookedAt(slow.Attributes);
        CatalogueView view = View([], [slow with { Attributes = looking }]);
        Task<ItemMask> first = Task.Run(() =>
        {
            looking.HoldThisThread();
            return view.Shelves.Where("item.price < 50", default);
        }, TestContext.Current.CancellationToken);
        await looking.Begun.WaitAsync(TestContext.Current.CancellationToken);

        Task<ItemMask> second = Task.Run(() => view.Shelves.Where("'crime' in item.tags", default), TestContext.Current.CancellationToken);
        view.Upsert([Book("written", 20, "crime")]); // noted for both
        await second.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted);
        looking.GoOn();

        await first;
        Assert.Equal(["slow", "written"], Shown(view, "item.price < 50"));
        Assert.Equal(["slow", "written"], Shown(view, "'crime' in item.tags"));
        Assert.Same(await first, view.Shelves.Where("item.price < 50", default));
    }

    [Fact]
    public async Task A_request_does_not_wait_for_its_filter_to_be_worked_out_by_what_yields_to_it()
    {
        Item slow = Book("slow", 10);
        using var looking = new LookedAt(slow.Attributes);
        CatalogueView view = View([], [slow with { Attributes = looking }]);
        Task<ItemMask> yielding = new BackgroundThreads(1).RunAsync(() =>
        {
            looking.HoldThisThread();
            return view.Shelves.Where("item.price < 50", default);
        }, TestContext.Current.CancellationToken);
        await looking.Begun.WaitAsync(TestContext.Current.CancellationToken);

        Task<ItemMask> request = Task.Run(() => view.Shelves.Where("item.price < 50", default), TestContext.Current.CancellationToken);
        Assert.Equal(["slow"], Ids(view, await request.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
        Assert.False(yielding.IsCompleted);
        view.Upsert([Book("written", 20)]);
        looking.GoOn();
        await yielding;
        Assert.Equal(["slow", "written"], Shown(view, "item.price < 50"));
    }

    [Fact]
    public void After_any_writes_the_view_equals_one_made_anew()
    {
        var random = new Random(42);
        string[] known = [.. Enumerable.Range(0, 60).Select(i => $"i{i}")];
        var items = new SortedDictionary<string, Item>(StringComparer.Ordinal);
        CatalogueView view = View(known, []);
        view.Upsert([Book("i0", 1), RandomBook("i1", random)]);
        foreach (Item item in new[] { Book("i0", 1), view.Shelves.Find("i1")! }) items[item.Id] = item;

        for (int round = 0; round < 400; round++)
        {
            // Up to 3,000 ids: far beyond the room of the first shelves, so that they grow while filters are cached.
            string[] ids = [.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => $"i{random.Next(3000)}").Distinct()];
            if (random.Next(4) == 0)
            {
                Assert.Equal(ids.Count(items.Remove), view.Delete(ids));
            }
            else
            {
                Item[] batch = [.. ids.Select(id => RandomBook(id, random))];
                view.Upsert(batch);
                foreach (Item item in batch) items[item.Id] = item;
            }
            if (round % 20 == 19) AssertEqualToNew(view, known, [.. items.Values]);
        }
        Assert.True(view.Shelves.Length > 2048);
    }

    [Fact]
    public async Task Readers_see_every_finished_write_while_writers_go_on()
    {
        const int Kept = 500;
        // Many, so that working out a filter takes a while.
        Item[] always = [.. Enumerable.Range(0, 5000).Select(i => Book($"seed{i}", 10, "crime"))];
        CatalogueView view = View([], always, cachedFilters: 8);
        int written = 0, deleting = 0, deleted = 0, reads = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            var random = new Random(reader);
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref reads))
            {
                int gone = Volatile.Read(ref deleted), there = Volatile.Read(ref written);
                Shelves shelves = view.Shelves;
                // More filters than are kept, so that they are worked out, used and evicted during writes.
                string filter = random.Next(3) == 0 ? "'crime' in item.tags" : $"item.price < {random.Next(11, 31)}";
                ItemMask shown = shelves.EligibleWhere([filter, "has(item.price)"], i => shelves.Where(i == 0 ? filter : "has(item.price)", TestContext.Current.CancellationToken));
                Assert.True(IsIn(shown, shelves, "seed4711"));
                for (int i = Math.Max(0, gone - 2000); i < gone; i += 7) Assert.False(IsIn(shown, shelves, $"n{i}"), $"n{i} was deleted");
                for (int i = Volatile.Read(ref deleting); i < there; i += 7)
                    Assert.True(IsIn(shown, shelves, $"n{i}") || i < Volatile.Read(ref deleting), $"n{i} was written and not deleted");
            }
        }))];

        while ((Volatile.Read(ref reads) < 100 || written < 5000) && !readers.Any(reader => reader.IsFaulted))
        {
            view.Upsert([Book($"n{written}", 10, "crime")]);
            Volatile.Write(ref written, written + 1);
            if (written <= Kept) continue;
            Volatile.Write(ref deleting, written - Kept);
            view.Delete([$"n{deleting - 1}"]);
            Volatile.Write(ref deleted, deleting);
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        AssertEqualToNew(view, [], [.. always, .. Enumerable.Range(deleted, Kept).Select(i => Book($"n{i}", 10, "crime"))]);

        static bool IsIn(ItemMask mask, Shelves shelves, string id) => shelves.TryGetNumber(id, out int number) && mask[number];
    }

    /// <summary>An item's attributes, which make one thread wait whenever it looks for one.</summary>
    private sealed class LookedAt(ItemAttributes attributes) : ItemAttributes, IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _goOn = new();
        private int _held = -1;

        public override int Count => attributes.Count;

        protected override ImmutableArray<KeyValuePair<string, AttributeValue>> Ordered => [.. attributes];

        public Task Begun => _begun.Task;

        public void HoldThisThread() => _held = Environment.CurrentManagedThreadId;

        public void GoOn() => _goOn.Set();

        protected internal override AttributeValue? Find(string name)
        {
            if (Environment.CurrentManagedThreadId == Volatile.Read(ref _held))
            {
                _begun.TrySetResult();
                _goOn.Wait(TestContext.Current.CancellationToken);
            }
            return attributes.Find(name);
        }

        public void Dispose() => _goOn.Dispose();
    }

    private static void AssertEqualToNew(CatalogueView view, string[] known, Item[] items)
    {
        CatalogueView anew = View(known, items);
        foreach (string filter in _filters.Where(filter => Compiles(filter, anew)))
        {
            Assert.Equal(Shown(anew, filter), Shown(view, filter));
            Assert.Equal(Ids(anew, anew.Shelves.Where(filter, default)), Ids(view, view.Shelves.Where(filter, default)));
        }
        foreach ((string text, CachedFilter filter) in view.Shelves.Filters.Where(entry => Compiles(entry.Key, anew)))
            Assert.Equal(Ids(anew, anew.Shelves.Where(text, default)), Ids(view, filter.Mask));
        foreach (Item item in items) Assert.Equal(item, view.Shelves.Find(item.Id));
        Assert.Equal(items.Length, view.Shelves.Listed.Count);
    }

    private static bool Compiles(string filter, CatalogueView view)
    {
        try
        {
            view.Shelves.Where(filter, default);
            return true;
        }
        catch (ExpressionException)
        {
            return false;
        }
    }

    private static List<string> Shown(CatalogueView view, string filter)
    {
        ItemMask shown = view.Shelves.Eligible.Clone();
        shown.And(view.Shelves.Where(filter, default));
        Assert.Equal(Ids(view, shown), Ids(view, Together(view, filter, "")));
        return Ids(view, shown);
    }

    private static ItemMask Together(CatalogueView view, params string[] filters) =>
        view.Shelves.EligibleWhere(filters, i => view.Shelves.Where(filters[i], default));

    private static List<string> Ids(CatalogueView view, ItemMask mask)
    {
        Shelves shelves = view.Shelves;
        var ids = new List<string>();
        for (int number = 0; number < mask.Length; number++)
            if (mask[number]) ids.Add(shelves[number]!.Id);
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    private static CatalogueView View(string[] known, Item[] items, int cachedFilters = 256) =>
        new(Numbers(known), items, new CatalogueOptions { CachedFilters = cachedFilters });

    private static Vocabulary Numbers(string[] known)
    {
        var vocabulary = new VocabularyBuilder();
        foreach (string id in known) vocabulary.Add(id);
        return vocabulary.Build();
    }

    private static Item RandomBook(string id, Random random)
    {
        var attributes = new List<(string, AttributeValue)>();
        if (random.Next(5) > 0) attributes.Add(("price", new AttributeValue.Number(random.Next(100))));
        if (random.Next(3) > 0) attributes.Add(("genre", new AttributeValue.Text(random.Next(2) == 0 ? "crime" : "poetry")));
        if (random.Next(3) > 0) attributes.Add(("tags", new AttributeValue.TextList(random.Next(2) == 0 ? ["crime"] : [])));
        return new Item(id) { Available = random.Next(4) > 0, Attributes = Attributes([.. attributes]) };
    }

    private static Item Book(string id, double price, params string[] tags) => new(id)
    {
        Attributes = Attributes(("price", new AttributeValue.Number(price)), ("tags", new AttributeValue.TextList([.. tags]))),
    };

    private static ImmutableSortedDictionary<string, AttributeValue> Attributes(params (string Name, AttributeValue Value)[] attributes) =>
        attributes.ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
}
