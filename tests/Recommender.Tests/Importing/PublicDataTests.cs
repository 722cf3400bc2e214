using Recommender.Cli.Importing;
using Recommender.Interactions;

namespace Recommender.Tests.Importing;

/// <summary>The counts that the publishers of the data sets state, reconciled with what is imported.</summary>
public sealed class PublicDataTests
{
    [Fact]
    public void Goodbooks_has_ten_thousand_books_and_981756_ratings()
    {
        var records = Read("goodbooks", "goodbooks");
        Assert.Equal(10_000, records.OfType<ItemRecord>().Count());
        Assert.Equal(981_756, records.OfType<EventRecord>().Count());
        Assert.Equal(981_756, records.OfType<EventRecord>().DistinctBy(record => record.Event.EventId).Count());
        Assert.Equal(53_424, records.OfType<EventRecord>().Select(record => record.Event.Person).Distinct().Count());
        Assert.Empty(records.OfType<RejectedLine>());
    }

    /// <summary>
    /// The set is described by 541,909 lines, 135,080 of them without a customer; 397,884 purchases (with a customer, quantity and price
    /// above 0), of which 1,623 are postage and other services; and 10,624 lines with a negative quantity, of which 1,335 are corrections
    /// of the stock without a price and 586 are services. Of its 4,338 customers with purchases 4,334 bought goods.
    /// </summary>
    [Fact]
    public void Online_retail_accounts_for_every_line()
    {
        var records = Read("online-retail", "online-retail");
        var events = records.OfType<EventRecord>().Select(record => record.Event).ToList();
        var left = records.OfType<LeftOutLine>().CountBy(line => line.Reason).ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Empty(records.OfType<RejectedLine>());
        Assert.Equal(541_909, events.Count + left.Values.Sum());
        Assert.Equal(events.Count, events.Select(happened => happened.EventId).Distinct().Count());
        Assert.Equal(397_884 - 1_623, Count(events, EventTypes.Purchase, PersonKind.Customer));
        Assert.Equal(131_452, Count(events, EventTypes.Purchase, PersonKind.Visitor));
        Assert.Equal(10_624 - 1_335 - 586, events.Count(happened => happened.Type == EventTypes.Return));
        Assert.Equal(2_506, left[OnlineRetailSource.NoPrice]);
        Assert.Equal(2_987, left[OnlineRetailSource.NotGoods]);
        Assert.Equal(4_334, events.Where(happened => happened is { Type: EventTypes.Purchase, Person.Kind: PersonKind.Customer })
            .Select(happened => happened.Person.Id).Distinct().Count());
    }

    [Fact]
    public void Complete_journey_has_a_hundred_thousand_lines_and_801_households()
    {
        var records = Read("complete-journey", "complete-journey");
        Assert.Equal(801, records.OfType<CustomerRecord>().Count());
        Assert.Equal(100_000, records.Count(record => record is EventRecord or LeftOutLine
            && record.Place.File.StartsWith("transactions", StringComparison.Ordinal)));
        Assert.Empty(records.OfType<RejectedLine>());
    }

    [Fact]
    public void Movielens_has_1682_films_943_viewers_and_100000_ratings()
    {
        var records = Read("movielens", "ml-100k");
        Assert.Equal((1_682, 943, 100_000),
            (records.OfType<ItemRecord>().Count(), records.OfType<CustomerRecord>().Count(), records.OfType<EventRecord>().Count()));
        Assert.Empty(records.OfType<RejectedLine>());
    }

    [Fact]
    public void Yelp_split_has_31668_users_38048_items_and_its_interactions()
    {
        string folder = PublicData.Folder("yelp2018");
        TrainTestSplit split = LightGcn.ReadSplit(Path.Combine(folder, "train.txt.gz"), Path.Combine(folder, "test.txt.gz"), default);
        Assert.Equal((31_668, 38_048), (split.Train.People.Count, split.Train.Items.Count));
        Assert.Equal((1_237_259L, 324_147L), (split.Train.Matrix.Count, split.Test.Count));
        Assert.Empty(split.Rejected);
    }

    [Fact]
    public void Pairs_of_popular_goodbooks_are_read_whole()
    {
        string file = Path.Combine(PublicData.Folder("goodbooks-popular"), "interactions_5kusers_top2kbooks.tsv.gz");
        ImportSource source = ImportSource.Named("pairs");
        Assert.Equal(394_091, source.Read(new SourceFiles(file, source.Files), SourceFolder.Options).OfType<EventRecord>().Count());
    }

    private static int Count(List<ShopEvent> events, string type, PersonKind kind) =>
        events.Count(happened => happened.Type == type && happened.Person.Kind == kind);

    private static List<ImportRecord> Read(string source, string set)
    {
        ImportSource named = ImportSource.Named(source);
        return [.. named.Read(new SourceFiles(PublicData.Folder(set), named.Files), SourceFolder.Options)];
    }
}
