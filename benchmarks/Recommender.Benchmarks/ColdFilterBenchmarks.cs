using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Scoring;
using Recommender.Storage;

namespace Recommender.Benchmarks;

/// <summary>
/// A filter that nobody asked for before, over items as a server has them, which is as text: a bound on the price, a brand and a tag, other ones each
/// time. Beside it the same item by item, and the first filter of a process, which makes the columns of its three attributes.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(ShortRuns))]
public class ColdFilterBenchmarks
{
    private CatalogueView _byColumns = null!;
    private CatalogueView _byItems = null!;
    private int _asked;

    [Params(25_000, 1_000_000)]
    public int Items { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        Item[] items = Stored(Items);
        var numbers = new VocabularyBuilder();
        foreach (Item item in items) numbers.Add(item.Id);
        Vocabulary vocabulary = numbers.Build();
        _byColumns = new CatalogueView(vocabulary, items, new CatalogueOptions());
        _byItems = new CatalogueView(vocabulary, items, new CatalogueOptions { Columns = 0 });
        for (int k = 0; k < 3; k++)
        {
            string filter = Next();
            if (!Where(_byColumns, filter).Words.SequenceEqual(Where(_byItems, filter).Words)) throw new InvalidOperationException($"Two answers to {filter}");
        }
    }

    [Benchmark(Baseline = true)]
    public ItemMask ItemByItem() => Where(_byItems, Next());

    [Benchmark]
    public ItemMask ByColumns() => Where(_byColumns, Next());

    [Benchmark]
    public ItemMask ByColumnsOnePriceOnly() => Where(_byColumns, string.Create(CultureInfo.InvariantCulture, $"item.price < {Price()}"));

    [Benchmark]
    public ItemMask ByColumnsOfTwoAttributes() =>
        Where(_byColumns, string.Create(CultureInfo.InvariantCulture, $"item.price < {Price()} && item.brand != item.category"));

    [Benchmark]
    public ItemMask FirstOfAProcess()
    {
        _byColumns.Shelves.Columns.Clear();
        return Where(_byColumns, Next());
    }

    private string Next() => string.Create(CultureInfo.InvariantCulture,
        $"item.price < {Price()} && item.brand == \"brand {_asked % 2000}\" && \"tag {_asked % 40}\" in item.tags");

    // Never the same in a run, and evenly over what items cost.
    private double Price() => _asked++ * 2_654_435_761L % 90_000_000 / 1_000_000.0;

    private static ItemMask Where(CatalogueView view, string filter) => view.Shelves.Where(filter, CancellationToken.None);

    private static Item[] Stored(int count)
    {
        var shapes = new StoredShapes();
        var items = new Item[count];
        for (int k = 0; k < count; k++)
        {
            Item item = LargeModel.ItemOf(k);
            byte[] written = AttributeJson.Write(item.Attributes, "item", item.Id);
            items[k] = item with { Attributes = StoredAttributes.Of(shapes, written, 0, written.Length) };
        }
        return items;
    }

    private sealed class ShortRuns : ManualConfig
    {
        public ShortRuns()
        {
            AddJob(Job.Default.WithWarmupCount(3).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(200)));
            AddColumn(StatisticColumn.Median);
        }
    }
}
