using System.Collections.Immutable;
using Recommender.Catalogue;
using Recommender.Expressions;
using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Tests.Expressions;

namespace Recommender.Tests.Catalogue;

/// <summary>Filters that nobody asked for before are worked out by values; what they let through is what they are true for, item by item.</summary>
public sealed class NewFilterTests
{
    [Theory]
    [InlineData(1, 32)]
    [InlineData(2, 32)]
    [InlineData(3, 2)]
    [InlineData(4, 0)]
    public void Whatever_a_filter_asks_it_lets_through_the_items_it_is_true_for(int seed, int columns)
    {
        var random = new Random(seed);
        var conditions = new RandomConditions(random);
        var items = new RandomItems(random);
        Item[] first = [.. Enumerable.Range(0, 300).Select(i => items.Next($"i{i}"))];
        var view = new CatalogueView(Numbers(90), first, new CatalogueOptions { CachedFilters = 64, Columns = columns });
        int some = 0, none = 0;
        for (int round = 0; round < 150; round++)
        {
            for (int k = 0; k < 10; k++)
            {
                string filter = conditions.Next();
                if (!Compiles(filter, view.Schema)) continue;
                int count = AssertExact(view, filter);
                if (count == 0) none++;
                else some++;
            }
            Change(ref view, round, random, items);
            AssertColumnsAreTrue(view);
            Assert.InRange(view.Shelves.Columns.Count, 0, columns);
        }
        foreach (string filter in view.Shelves.Filters.Keys) AssertExact(view, filter);
        Assert.True(view.Shelves.Length > 1500 && some > 300 && none > 200, $"{view.Shelves.Length} {some} {none}: the test says little");
    }

    private static void Change(ref CatalogueView view, int round, Random random, RandomItems items)
    {
        // A price in another currency: the last number has to go before the first text may come.
        if (round % 60 == 59)
        {
            view.Delete([.. view.Shelves.All.Where(one => one.Item.Attributes.ContainsKey("price")).Select(one => one.Item.Id)]);
            items.Price = items.Price == AttributeKind.Number ? AttributeKind.Text : AttributeKind.Number;
        }
        if (round % 25 == 24) view = view.For(Numbers(random.Next(2000)));
        if (round == 80) view.Upsert([.. Enumerable.Range(0, 3000).Select(i => items.Next($"more{i}"))]);
        string[] ids = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => $"i{random.Next(1500)}").Distinct()];
        if (random.Next(4) == 0) view.Delete(ids);
        else view.Upsert([.. ids.Select(items.Next)]);
    }

    [Fact]
    public void Items_of_another_kind_than_the_rest_lack_the_attribute()
    {
        var random = new Random(7);
        var (numbers, texts) = (new RandomItems(random), new RandomItems(random) { Price = AttributeKind.Text });
        var view = new CatalogueView(Numbers(0), [.. Enumerable.Range(0, 500).Select(i => (i % 5 == 0 ? texts : numbers).Next($"i{i}"))], new CatalogueOptions());
        foreach (string filter in new[] { "item.price < 20", "!(item.price < 20)", "has(item.price)", "!has(item.price) || item.price / item.cost > 1" })
            Assert.NotEqual(0, AssertExact(view, filter));
        AssertColumnsAreTrue(view);
    }

    [Fact]
    public void Equal_numbers_that_are_not_the_same_are_told_apart()
    {
        CatalogueView view = View([Priced("plus", 0.0), Priced("minus", -0.0), Priced("none", double.NaN), Priced("one", 1)]);
        Assert.Equal(1, AssertExact(view, "1.0 / item.price < 0.0"));
        Assert.Equal(2, AssertExact(view, "item.price == 0.0"));
        Assert.Equal(4, AssertExact(view, "item.price != 7"));
    }

    [Fact]
    public void What_nearly_every_item_has_its_own_of_is_not_kept()
    {
        CatalogueView view = View([.. Enumerable.Range(0, 40_000).Select(i => Priced($"i{i}", i % 50) with
        {
            Attributes = Priced("", i % 50).Attributes.Add("title", new AttributeValue.Text($"title {i}")),
        })]);
        // 1, two of 1xx, twenty of 1xxx and 200 of 1xxxx cost 1.
        Assert.Equal(1 + 2 + 20 + 200, AssertExact(view, "item.title.startsWith('title 1') && item.title != 'title 11' && item.price == 1"));
        Assert.Null(view.Shelves.Columns["title"].Column);
        Assert.NotNull(view.Shelves.Columns["price"].Column);
        view.Upsert([Priced("i3", 1)]);
        Assert.Equal(39_999, AssertExact(view, "has(item.title)"));
        Assert.Equal(800, AssertExact(view, "!(has(item.title) ? item.title.contains('t') && item.price != 1 : item.price == 1)"));
    }

    [Fact]
    public void It_does_not_matter_how_many_values_an_attribute_has()
    {
        CatalogueView view = View([.. Enumerable.Range(0, 140_100).Select(i => Priced($"i{i}", i % 70_000))]);
        Assert.Equal(3 * 65 + 2, AssertExact(view, "item.price < 65.0 || item.price == 69999"));
        Assert.NotNull(view.Shelves.Columns["price"].Column);
        AssertColumnsAreTrue(view);
    }

    [Fact]
    public void Values_that_no_item_has_any_more_do_not_pile_up()
    {
        CatalogueView view = View([.. Enumerable.Range(0, 100).Select(i => Priced($"i{i}", i))]);
        int remade = 0;
        CachedColumn? column = null;
        for (int round = 0; round < 1500; round++)
        {
            view.Upsert([.. Enumerable.Range(0, 100).Select(i => Priced($"i{i}", 100 * round + i))]);
            if (round % 10 != 9) continue;
            Assert.Equal(50, AssertExact(view, $"item.price >= {100 * round + 50}"));
            if (column != view.Shelves.Columns["price"]) remade++;
            column = view.Shelves.Columns["price"];
        }
        Assert.InRange(remade, 3, 10);
    }

    [Fact]
    public void Long_texts_are_read_where_they_are_stored()
    {
        string filler = new('x', 3_000);
        CatalogueView view = View([.. Enumerable.Range(0, 1_000).Select(i => Described($"i{i}", $"{i} {filler}", i % 3 == 0))]);
        Assert.Equal(111, AssertExact(view, "item.description.startsWith('1')"));
        Assert.Null(view.Shelves.Columns["description"].Column);
        AssertExact(view, "'new' in item.tags");
        Assert.Null(view.Shelves.Columns["tags"].Column);
    }

    [Fact]
    public void Long_texts_that_no_item_has_any_more_do_not_pile_up()
    {
        string filler = new('x', 3_000);
        CatalogueView view = View([.. Enumerable.Range(0, 100).Select(i => Described($"i{i}", $"{i} {filler}", isNew: false))]);
        int gone = 0;
        for (int round = 0; round < 50; round++)
        {
            AssertExact(view, $"item.description.startsWith('{round} ')");
            Assert.NotNull(view.Shelves.Columns["description"].Column);
            view.Upsert([.. Enumerable.Range(0, 100).Select(i => Described($"i{i}", $"{i} {round} {filler}", isNew: false))]);
            if (!view.Shelves.Columns.ContainsKey("description")) gone++;
        }
        // What is kept of it is 600 kB a round, and 6 MB are too much.
        Assert.InRange(gone, 3, 10);
    }

    [Fact]
    public void A_filter_on_more_attributes_than_columns_are_kept_makes_none()
    {
        Item item = new("a")
        {
            Attributes = Enumerable.Range(0, 9).ToImmutableSortedDictionary(i => $"a{i}", AttributeValue (i) => new AttributeValue.Number(i),
                StringComparer.Ordinal),
        };
        var view = new CatalogueView(Numbers(0), [item], new CatalogueOptions { Columns = 4 });
        AssertExact(view, "item.a7 == 7");
        Assert.Equal(1, AssertExact(view, string.Join(" && ", Enumerable.Range(0, 9).Select(i => $"item.a{i} == {i}"))));
        Assert.Equal(["a7"], view.Shelves.Columns.Keys);
    }

    [Fact]
    public void The_columns_that_filters_name_stay_when_there_are_too_many()
    {
        Item item = new("a")
        {
            Attributes = Enumerable.Range(0, 40).ToImmutableSortedDictionary(i => $"a{i}", AttributeValue (i) => new AttributeValue.Number(i), StringComparer.Ordinal),
        };
        var view = new CatalogueView(Numbers(0), [item], new CatalogueOptions { Columns = 4 });
        int remade = 0;
        for (int i = 0; i < 40; i++)
        {
            CachedColumn? before = view.Shelves.Columns.GetValueOrDefault("a7");
            AssertExact(view, $"item.a7 < {i}");
            if (before != view.Shelves.Columns["a7"]) remade++;
            AssertExact(view, $"item.a{i} == {i}");
            Assert.InRange(view.Shelves.Columns.Count, 1, 4);
        }
        Assert.InRange(remade, 1, 20);
    }

    [Fact]
    public void A_column_whose_making_is_cancelled_is_not_there()
    {
        using var stop = new CancellationTokenSource();
        var watched = new WatchedAttributes(Priced("", 3).Attributes, stop.Cancel);
        CatalogueView view = View([new Item("first") { Attributes = watched }, .. Enumerable.Range(0, 20_000).Select(i => Priced($"i{i}", i % 9))]);
        Assert.ThrowsAny<OperationCanceledException>(() => view.Shelves.Where("item.price < 5", stop.Token));
        Assert.Empty(view.Shelves.Columns);
        Assert.Empty(view.Shelves.Filters);
        view.Upsert([Priced("i3", 100)]);
        AssertExact(view, "item.price < 5");
        AssertColumnsAreTrue(view);
    }

    [Fact]
    public async Task What_is_written_while_a_column_is_made_is_in_it()
    {
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        int maker = 0;
        var watched = new WatchedAttributes(Priced("", 3).Attributes, () =>
        {
            if (Environment.CurrentManagedThreadId != Volatile.Read(ref maker)) return;
            reached.Set();
            goOn.Wait(TestContext.Current.CancellationToken);
        });
        // Numbered first, so that it is all but done when it stops, and others have been read before they change.
        CatalogueView view = View([.. Enumerable.Range(0, 500).Select(i => Priced($"i{i}", i)), new Item("last") { Attributes = watched }]);
        Task<ItemMask> making = Task.Run(() =>
        {
            Volatile.Write(ref maker, Environment.CurrentManagedThreadId);
            return view.Shelves.Where("item.price < 250", TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        reached.Wait(TestContext.Current.CancellationToken);
        view.Upsert([Priced("i3", 9_999), Priced("i400", 0.5)]);
        view.Delete(["i4"]);
        view.Upsert([.. Enumerable.Range(0, 3000).Select(i => Priced($"new{i}", i / 10.0))]); // outgrows the shelves
        view.Upsert([Priced("i5", 8_888)]);
        goOn.Set();
        await making;

        AssertColumnsAreTrue(view);
        Assert.NotNull(view.Shelves.Columns["price"].Column);
        Assert.True(view.Shelves.Filters.ContainsKey("item.price < 250"));
        AssertExact(view, "item.price < 250");
        AssertExact(view, "item.price > 8000");
    }

    [Fact]
    public async Task Filters_stay_exact_while_writers_go_on()
    {
        const int Steady = 3000, Changing = 200;
        var random = new Random(11);
        var items = new RandomItems(random);
        Item[] steady = [.. Enumerable.Range(0, Steady).Select(i => items.Next($"s{i}"))];
        var view = new CatalogueView(Numbers(0), steady, new CatalogueOptions { CachedFilters = 16, Columns = 3 });
        int asked = 0, written = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task[] readers = [.. Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            var own = new Random(reader);
            var conditions = new RandomConditions(own);
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref asked))
            {
                string filter = own.Next(2) == 0 ? $"item.price < {own.NextDouble() * 40} || item.price > 1000.0 && item.brand != 'x'" : conditions.Next(2);
                Schema schema = view.Schema;
                Shelves shelves = view.Shelves;
                int there = Volatile.Read(ref written);
                ItemMask mask = shelves.Where(filter, stop.Token);
                ItemPredicate predicate = ItemPredicate.Compile(filter, schema);
                // Those that nobody writes, and those that were written before the filter was asked for: each write of them leaves it true.
                for (int i = own.Next(7); i < Steady; i += 7) AssertAlike(predicate, shelves, mask, $"s{i}");
                for (int i = 0; i < Math.Min(there, Changing); i++)
                {
                    Assert.True(shelves.TryGetNumber($"n{i}", out int number));
                    if (filter.Contains("1000.0", StringComparison.Ordinal)) Assert.True(mask[number], $"n{i} costs more than 1000 and has a brand");
                }
            }
        }, TestContext.Current.CancellationToken))];

        while ((Volatile.Read(ref asked) < 400 || written < 4000) && !readers.Any(reader => reader.IsFaulted))
        {
            // A value that nothing had before, at every write.
            view.Upsert([Priced($"n{written % Changing}", 2000 + written) with
            {
                Attributes = Priced("", 2000 + written).Attributes.Add("zone", new AttributeValue.Text("z")).Add("brand", new AttributeValue.Text($"brand {written}")),
            }]);
            Volatile.Write(ref written, written + 1);
            if (written % 5 == 0) view.Upsert([items.Next($"g{written}")]);
            if (written % 9 == 0) view.Delete([$"g{written / 9 * 5}"]);
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers.Select(IgnoringCancellation));
        AssertColumnsAreTrue(view);
        foreach (string filter in view.Shelves.Filters.Keys) AssertExact(view, filter);

        static void AssertAlike(ItemPredicate predicate, Shelves shelves, ItemMask mask, string id)
        {
            Assert.True(shelves.TryGetNumber(id, out int number));
            Assert.True(predicate.Matches(shelves[number]!) == mask[number], $"{predicate.Text}: {id}");
        }
    }

    private static async Task IgnoringCancellation(Task task)
    {
        try { await task; }
        catch (OperationCanceledException) { }
    }

    /// <returns>How many items the filter lets through.</returns>
    private static int AssertExact(CatalogueView view, string filter)
    {
        Shelves shelves = view.Shelves;
        ItemMask mask = shelves.Where(filter, TestContext.Current.CancellationToken);
        ItemPredicate predicate = ItemPredicate.Compile(filter, view.Schema);
        Assert.Equal(shelves.Length, mask.Length);
        for (int number = 0; number < mask.Length; number++)
            Assert.True(mask[number] == (shelves[number] is { } item && predicate.Matches(item)), $"{filter}: {shelves[number]?.Id ?? "nothing"}");
        return mask.Count;
    }

    private static void AssertColumnsAreTrue(CatalogueView view)
    {
        Shelves shelves = view.Shelves;
        foreach ((string attribute, CachedColumn cached) in shelves.Columns)
        {
            for (int number = 0; number < shelves.Length && cached.Column is { } column; number++)
                Assert.Equal(shelves[number]?.Attributes.GetValueOrDefault(attribute), column[number]);
        }
    }

    private static bool Compiles(string filter, Schema schema)
    {
        try
        {
            ItemPredicate.Compile(filter, schema);
            return true;
        }
        catch (ExpressionException)
        {
            return false;
        }
    }

    private static CatalogueView View(Item[] items) => new(Numbers(0), items, new CatalogueOptions());

    private static Vocabulary Numbers(int known)
    {
        var vocabulary = new VocabularyBuilder();
        for (int i = known - 1; i >= 0; i--) vocabulary.Add($"i{i}");
        return vocabulary.Build();
    }

    private static Item Described(string id, string description, bool isNew) => new(id)
    {
        Attributes = ItemAttributes.Of(
        [
            KeyValuePair.Create<string, AttributeValue>("description", new AttributeValue.Text(description)),
            KeyValuePair.Create<string, AttributeValue>("tags", new AttributeValue.TextList([description, isNew ? "new" : "old"])),
        ]),
    };

    private static Item Priced(string id, double price) => new(id)
    {
        Attributes = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("price", (AttributeValue)new AttributeValue.Number(price))]),
    };

    /// <summary>An item's attributes, which tell when somebody looks for one.</summary>
    private sealed class WatchedAttributes(ItemAttributes attributes, Action looked) : ItemAttributes
    {
        public override int Count => attributes.Count;

        protected override ImmutableArray<KeyValuePair<string, AttributeValue>> Ordered => [.. attributes];

        protected internal override AttributeValue? Find(string name)
        {
            looked();
            return attributes.Find(name);
        }
    }
}
