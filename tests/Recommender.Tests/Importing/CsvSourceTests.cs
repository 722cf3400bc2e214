using Recommender.Catalogue;
using Recommender.Cli.Importing;
using Recommender.Interactions;

namespace Recommender.Tests.Importing;

public sealed class CsvSourceTests : IDisposable
{
    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_found_by_the_map_the_user_gives()
    {
        _folder.Write("log.csv", "Who;What;When;Paid;Pieces;Name;Land", "7;A1;1714557600;9.0;2;Lamp;DE");
        var options = SourceFolder.Options with
        {
            Columns = ColumnMap.Parse("customer=Who,item=What,time=When,price=Paid,quantity=Pieces,item.title=Name,customer.country=Land"),
            Currency = "EUR",
        };
        var records = _folder.Read("csv", options, "log.csv");
        Assert.Equal("Lamp", Assert.IsType<ItemRecord>(records[0]).Item.Title);
        Assert.Equal(new AttributeValue.Text("DE"), Assert.IsType<CustomerRecord>(records[1]).Customer.Attributes["country"]);
        ShopEvent happened = Assert.IsType<EventRecord>(records[2]).Event;
        Assert.Equal(("purchase", Person.Customer("7"), "A1", 2.0, 9.0m, "EUR"),
            (happened.Type, happened.Person, happened.ItemId!, happened.Quantity, happened.Price!.Value, happened.Currency!));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero), happened.OccurredAt);
    }

    [Theory]
    [InlineData("userId,itemId,timestamp")]
    [InlineData("user_id,item_id,timestamp")]
    [InlineData("CustomerID,product-id,Date")]
    public void The_usual_names_need_no_map(string header)
    {
        _folder.Write("log.csv", header, "u1,x,2024-05-01T10:00:00Z");
        Assert.Equal("x", Assert.IsType<EventRecord>(Assert.Single(_folder.Read("csv", file: "log.csv"))).Event.ItemId);
    }

    [Theory]
    [InlineData("1714557600", "Any")]
    [InlineData("1714557600000", "Any")]
    [InlineData("1714557600", "Seconds")]
    [InlineData("1714557600000", "Milliseconds")]
    [InlineData("2024-05-01T10:00:00Z", "Iso")]
    [InlineData("2024-05-01 12:00:00+02:00", "Any")]
    [InlineData("2024-05-01 10:00:00", "Any")]
    public void Times_may_be_ISO_or_unix_seconds_or_milliseconds(string text, string format)
    {
        Assert.True(Moments.TryParse(text, Enum.Parse<TimeFormat>(format), out DateTimeOffset moment));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero), moment);
    }

    [Theory]
    [InlineData("read", "view")]
    [InlineData("Add To Cart", "cart_add")]
    [InlineData("BUY", "purchase")]
    [InlineData("like", "like")]
    public void Event_types_of_other_systems_are_understood(string stated, string type)
    {
        _folder.Write("log.csv", "user,item,type", $"u1,x,{stated}");
        Assert.Equal(type, Assert.IsType<EventRecord>(_folder.Read("csv", file: "log.csv")[0]).Event.Type);
    }

    [Fact]
    public void An_unknown_event_type_is_rejected_naming_the_nearest_and_can_be_mapped()
    {
        _folder.Write("log.csv", "user,item,type", "u1,x,purchse", "u1,y,gaze");
        var rejected = _folder.Read("csv", file: "log.csv").Cast<RejectedLine>().ToList();
        Assert.Contains("did you mean \"purchase\"?", rejected[0].Problem, StringComparison.Ordinal);
        var mapped = SourceFolder.Options with { Types = SourceFolder.Options.Types.Add("gaze", "view").Add("purchse", "purchase") };
        var events = _folder.Read("csv", mapped, "log.csv").Cast<EventRecord>();
        Assert.Equal(["purchase", "view"], events.Select(record => record.Event.Type));
    }

    [Fact]
    public void Visitors_are_told_from_customers()
    {
        _folder.Write("log.csv", "customer,visitor,item", "c,,x", ",v,x", "c,v,x", ",,x");
        var records = _folder.Read("csv", file: "log.csv");
        Assert.Equal([Person.Customer("c"), Person.Visitor("v"), Person.Customer("c")],
            records.OfType<EventRecord>().Select(record => record.Event.Person));
        Assert.Equal(5, Assert.Single(records.OfType<RejectedLine>()).Place.Line);
    }

    [Fact]
    public void A_file_of_items_alone_is_a_catalogue_with_typed_attributes()
    {
        _folder.Write("items.csv", "sku,name,year,tags,new", "1,Lamp,1999,\"red|old\",yes", "2,Chair,NaN,,no");
        var columns = ColumnMap.Parse("item.title=name,item.year:number=year,item.tags:list=tags,item.new:flag=new");
        var records = _folder.Read("csv", SourceFolder.Options with { Columns = columns }, "items.csv");
        Item lamp = Assert.IsType<ItemRecord>(records[0]).Item;
        Assert.Equal(new AttributeValue.Number(1999), lamp.Attributes["year"]);
        Assert.Equal(new AttributeValue.TextList(["red", "old"]), lamp.Attributes["tags"]);
        Assert.Equal(new AttributeValue.Flag(true), lamp.Attributes["new"]);
        Assert.Equal("year", Assert.IsType<RejectedLine>(records[1]).Column);
    }

    [Fact]
    public void The_same_line_is_the_same_event_and_another_line_is_another()
    {
        _folder.Write("log.csv", "user,item,time", "u1,x,2024-05-01", "u1,x,2024-05-01", "u1,x,2024-05-02");
        string[] ids = [.. _folder.Read("csv", file: "log.csv").Cast<EventRecord>().Select(record => record.Event.EventId)];
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Theory]
    [InlineData("customer=Nobody", "has no column \"Nobody\"")]
    [InlineData("customer=Usr,item=Item", "did you mean \"User\"?")]
    [InlineData("custmer=User", "did you mean \"customer\"?")]
    [InlineData("item.year:nmber=User", "did you mean \"number\"?")]
    [InlineData("customer", "is not field=Column")]
    public void A_map_that_does_not_fit_is_an_error_that_says_what_to_write(string map, string message)
    {
        _folder.Write("log.csv", "User,Item", "u1,x");
        var error = Assert.Throws<ImportException>(
            () => _folder.Read("csv", SourceFolder.Options with { Columns = ColumnMap.Parse(map) }, "log.csv"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_without_a_currency_are_asked_for_before_anything_is_read()
    {
        _folder.Write("log.csv", "User,Item,Price", "u1,x,3");
        var error = Assert.Throws<ImportException>(() => _folder.Read("csv", file: "log.csv"));
        Assert.Contains("currency", error.Message, StringComparison.Ordinal);
    }
}
