using System.Text;
using Recommender.Catalogue;
using Recommender.Cli.Importing;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Tests.Importing;

public sealed class SourcesTests : IDisposable
{
    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Goodbooks_gives_books_with_authors_and_a_rating_for_every_line()
    {
        _folder.WriteGzip("books.csv.gz", "book_id,authors,original_publication_year,title,language_code,average_rating,image_url",
                "1,\"Ann Lee, Bo Day\",1999.0,\"Sea, Sun\",eng,4.1,http://x/1.jpg", "2,Cy Fox,,Moon,,3.9,")
            .Write("ratings.csv", "book_id,user_id,rating", "1,314,5", "1,314,4", "1,7,6", "2,314,3");
        var records = _folder.Read("goodbooks");
        Item book = Assert.IsType<ItemRecord>(records[0]).Item;
        Assert.Equal(("Sea, Sun", new AttributeValue.TextList(["Ann Lee", "Bo Day"]), new AttributeValue.Number(1999)),
            (book.Title, book.Attributes["authors"], book.Attributes["year"]));
        Assert.False(Assert.IsType<ItemRecord>(records[1]).Item.Attributes.ContainsKey("year"));
        var ratings = records.OfType<EventRecord>().Select(record => record.Event).ToList();
        Assert.Equal(["goodbooks:314:1", "goodbooks:314:1:2", "goodbooks:314:2"], ratings.Select(rating => rating.EventId));
        Assert.All(ratings, rating => Assert.Equal(ImportOptions.DefaultUnstatedTime, rating.OccurredAt));
        Assert.Equal("rating", Assert.Single(records.OfType<RejectedLine>()).Column);
    }

    [Fact]
    public void Online_retail_tells_purchases_returns_visitors_and_lines_that_are_not_goods()
    {
        _folder.Write("online_retail.csv", "Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            "RED LAMP ,2,2010-12-01T08:26:00.000Z,2.55,17850,United Kingdom",
            "RED LAMP,1,2010-12-01T08:26:00.000Z,2.55,17850,United Kingdom",
            "RED LAMP,-1,2010-12-02T09:00:00.000Z,2.55,17850,France",
            "POSTAGE,1,2010-12-02T09:00:00.000Z,18,17850,France",
            "damaged,-30,2010-12-03T09:00:00.000Z,0,,United Kingdom",
            "BLUE MUG,6,2010-12-03T10:15:00.000Z,1.25,,Germany",
            "BLUE MUG,six,2010-12-03T10:15:00.000Z,1.25,,Germany");
        var records = _folder.Read("online-retail");
        var events = records.OfType<EventRecord>().Select(record => record.Event).ToList();
        Assert.Equal(["purchase", "purchase", "return", "purchase"], events.Select(happened => happened.Type));
        Assert.Equal([2, 1, 1, 6], events.Select(happened => happened.Quantity));
        Assert.Equal("RED LAMP", events[0].ItemId);
        Assert.Equal(events[0].OrderId, events[1].OrderId);
        Assert.Equal(4, events.Select(happened => happened.EventId).Distinct().Count());
        Assert.Equal(Person.Visitor("201012031015 Germany"), events[3].Person);
        Customer customer = Assert.Single(records.OfType<CustomerRecord>()).Customer;
        Assert.Equal(new AttributeValue.Text("United Kingdom"), customer.Attributes["country"]);
        Assert.Equal(["RED LAMP", "BLUE MUG"], records.OfType<ItemRecord>().Select(record => record.Item.Id));
        Assert.Equal([OnlineRetailSource.NotGoods, OnlineRetailSource.NoPrice], records.OfType<LeftOutLine>().Select(left => left.Reason));
        RejectedLine rejected = Assert.Single(records.OfType<RejectedLine>());
        Assert.Equal((8, "Quantity"), (rejected.Place.Line, rejected.Column));
    }

    [Fact]
    public void Complete_journey_gives_households_products_and_the_price_of_one_unit()
    {
        _folder.Write("products.csv", """
                "product_id","manufacturer_id","department","brand","product_category","product_type","package_size"
                "1","2","GROCERY","National","SOUP","TOMATO SOUP","22 OZ"
                "2","2","FUEL","National",NA,NA,NA
                """)
            .Write("demographics.csv", """
                "household_id","age","income","home_ownership","kids_count"
                "9","45-54","50-74K",NA,"0"
                """)
            .Write("transactions.csv", """
                "household_id","store_id","basket_id","product_id","quantity","sales_value","transaction_timestamp"
                "9","3","77","1",2,3.86,"2017-01-28 19:06:53"
                "9","3","77","2",8000,20,"2017-01-28 19:06:53"
                "9","3","78","1",0,0,"2017-01-29 19:06:53"
                """);
        var records = _folder.Read("complete-journey");
        Assert.Equal("TOMATO SOUP, 22 OZ", Assert.Single(records.OfType<ItemRecord>()).Item.Title);
        Customer household = Assert.Single(records.OfType<CustomerRecord>()).Customer;
        Assert.Equal(["age", "income", "kids_count"], household.Attributes.Keys);
        ShopEvent bought = Assert.Single(records.OfType<EventRecord>()).Event;
        Assert.Equal((1.93m, 2.0, "77", "USD"), (bought.Price!.Value, bought.Quantity, bought.OrderId!, bought.Currency!));
        Assert.Equal(3, records.OfType<LeftOutLine>().Count());
    }

    [Fact]
    public void Movielens_reads_latin_titles_years_genres_viewers_and_times()
    {
        _folder.WriteBytes("u.item", Encoding.Latin1.GetBytes("1|Misérables, Les (1995)|01-Jan-1995||http://x|0|1|1\n"))
            .Write("u.genre", "unknown|0", "Action|1", "Drama|2", "")
            .Write("u.user", "id|age|gender|occupation|", "7|24|M|writer|85711")
            .Write("u.data", "7\t1\t4\t881250949", "7\t1\tx");
        var records = _folder.Read("movielens");
        Item film = Assert.Single(records.OfType<ItemRecord>()).Item;
        Assert.Equal("Misérables, Les", film.Title);
        Assert.Equal(new AttributeValue.Number(1995), film.Attributes["year"]);
        Assert.Equal(new AttributeValue.TextList(["Action", "Drama"]), film.Attributes["genres"]);
        Assert.Equal(new AttributeValue.Number(24), Assert.Single(records.OfType<CustomerRecord>()).Customer.Attributes["age"]);
        ShopEvent rating = Assert.Single(records.OfType<EventRecord>()).Event;
        Assert.Equal((4.0, 881250949L), (rating.Rating!.Value, rating.OccurredAt.ToUnixTimeSeconds()));
        Assert.Single(records.OfType<RejectedLine>());
    }

    [Fact]
    public void Gorse_exports_become_items_customers_and_events()
    {
        _folder.Write("items.jsonl",
                """{"ItemId":"1","IsHidden":true,"Categories":["a"],"Labels":{"tags":["red","old"],"price":9.5},"Comment":"Red Lamp"}""",
                """{"ItemId":"","IsHidden":false}""")
            .Write("users.jsonl", """{"UserId":"u","Labels":["tall"],"Comment":""}""")
            .Write("feedback.jsonl",
                """{"FeedbackType":"star","UserId":"u","ItemId":"1","Value":0,"Timestamp":"2022-01-01T00:00:00+02:00","Comment":""}""",
                """{"FeedbackType":"read","UserId":"u","ItemId":"2","Timestamp":"0001-01-01T00:00:00Z"}""",
                """{"FeedbackType":"read","UserId":"u","It""",
                """{"FeedbackType":"zap","UserId":"u","ItemId":"2","Timestamp":""}""");
        var records = _folder.Read("gorse");
        Item lamp = Assert.Single(records.OfType<ItemRecord>()).Item;
        Assert.Equal((false, "Red Lamp"), (lamp.Available, lamp.Title));
        Assert.Equal(new AttributeValue.TextList(["red", "old"]), lamp.Attributes["tags"]);
        Customer user = Assert.Single(records.OfType<CustomerRecord>()).Customer;
        Assert.Equal(new AttributeValue.TextList(["tall"]), user.Attributes["labels"]);
        var events = records.OfType<EventRecord>().Select(record => record.Event).ToList();
        Assert.Equal(["like", "view"], events.Select(happened => happened.Type));
        Assert.Equal(new DateTimeOffset(2021, 12, 31, 22, 0, 0, TimeSpan.Zero), events[0].OccurredAt);
        Assert.Equal(ImportOptions.DefaultUnstatedTime, events[1].OccurredAt);
        Assert.Equal([("items.jsonl", 2L, "ItemId"), ("feedback.jsonl", 3L, ""), ("feedback.jsonl", 4L, "FeedbackType")],
            records.OfType<RejectedLine>().Select(line => (line.Place.File, line.Place.Line, line.Column)));
    }

    [Fact]
    public void Adjacency_lines_become_an_event_an_item_and_pairs_must_be_pairs()
    {
        _folder.Write("train.txt", "0 10 11 10", "1", "2\t12").Write("interactions.tsv", "1\t258", "1", "2\t260\t26");
        var adjacency = _folder.Read("lightgcn").Cast<EventRecord>().Select(record => record.Event).ToList();
        Assert.Equal([("0", "10"), ("0", "11"), ("0", "10"), ("2", "12")],
            adjacency.Select(happened => (happened.Person.Id, happened.ItemId!)));
        Assert.Equal(adjacency[0].EventId, adjacency[2].EventId);
        Assert.All(adjacency, happened => Assert.Equal(EventTypes.Like, happened.Type));
        var pairs = _folder.Read("pairs");
        Assert.Equal("258", Assert.Single(pairs.OfType<EventRecord>()).Event.ItemId);
        Assert.Equal([2, 3], pairs.OfType<RejectedLine>().Select(line => line.Place.Line));
    }

    [Fact]
    public void A_split_shares_its_vocabularies_between_train_and_test()
    {
        _folder.Write("train.txt", "ann x y", "bob y z").Write("test.txt", "ann z", "cid w", "bad\u0001id q");
        TrainTestSplit split = LightGcn.ReadSplit(Path.Combine(_folder.Path, "train.txt"), Path.Combine(_folder.Path, "test.txt"), default);
        Assert.Equal((3, 4), (split.Train.People.Count, split.Train.Items.Count));
        Assert.Equal((3, 4, 4L), (split.Train.Matrix.RowCount, split.Train.Matrix.ColumnCount, split.Train.Matrix.Count));
        Assert.Equal((3, 4, 2L), (split.Test.RowCount, split.Test.ColumnCount, split.Test.Count));
        Assert.True(split.Train.People.TryGetNumber("ann", out int ann));
        Assert.True(split.Train.Items.TryGetNumber("z", out int z));
        Assert.True(split.Test.Row(ann).Columns.Contains(z));
        Assert.Equal(3, Assert.Single(split.Rejected).Place.Line);
    }
}
