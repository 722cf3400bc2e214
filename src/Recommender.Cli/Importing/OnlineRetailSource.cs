using System.Collections.Frozen;
using System.Globalization;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>
/// UCI Online Retail: a gift wholesaler's till. The file has no stock code, so an item's id is its description; a line without a customer
/// belongs to a visitor known by the minute and the country of the basket; a negative quantity is a return. Postage, fees and corrections
/// of the stock (which have no price) are not a matter of taste and are left out.
/// </summary>
internal static class OnlineRetailSource
{
    public const string NotGoods = "postage, fees, discounts and other lines that are not goods";
    public const string NoPrice = "lines without a price: corrections of the stock and free samples";

    public static readonly ImportSource Source = new("online-retail", "UCI Online Retail: purchases and returns of a gift wholesaler",
        [new("online_retail.csv", "Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country")], Read);

    private static readonly FrozenSet<string> _services = new[]
    {
        "POSTAGE", "DOTCOM POSTAGE", "CARRIAGE", "NEXT DAY CARRIAGE", "MANUAL", "AMAZON FEE", "BANK CHARGES", "DISCOUNT", "CRUK COMMISSION",
        "SAMPLES", "ADJUST BAD DEBT",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<ImportRecord> Read(SourceFiles files, ImportOptions options)
    {
        using var file = new DelimitedFile(files, files.Single, DelimitedFormat.Csv);
        var columns = new Columns(file.Column("Description"), file.Column("Quantity"), file.Column("InvoiceDate"), file.Column("UnitPrice"),
            file.Column("CustomerID"), file.Column("Country"));
        var items = new HashSet<string>();
        var customers = new HashSet<string>();
        // The file is sorted by time: equal lines of one basket stand within one minute.
        var repeats = new Repeats();
        foreach (DelimitedRow row in file.Rows())
        {
            ImportRecord record = LeftOut(row, columns) ?? Event(row, columns, options, repeats);
            if (record is EventRecord { Event: var happened })
            {
                if (happened.Person is { Kind: PersonKind.Customer, Id: var id } && customers.Add(id))
                {
                    yield return new CustomerRecord(row.Place, new Customer(id)
                    {
                        Attributes = new Attributes().Text("country", row.Text(columns.Country)).Build(),
                    });
                }
                if (items.Add(happened.ItemId!))
                {
                    yield return new ItemRecord(row.Place, new Item(happened.ItemId!)
                    {
                        Attributes = new Attributes().Text("title", happened.ItemId).Build(),
                    });
                }
            }
            yield return record;
        }
    }

    private static LeftOutLine? LeftOut(DelimitedRow row, Columns columns)
    {
        if (row.Rejection is not null) return null;
        if (_services.GetAlternateLookup<ReadOnlySpan<char>>().Contains(row.Span(columns.Description)))
            return new LeftOutLine(row.Place, NotGoods);
        return row.Number(columns.Price) is 0 && row.Number(columns.Quantity) is not null ? new LeftOutLine(row.Place, NoPrice) : null;
    }

    private static ImportRecord Event(DelimitedRow row, Columns columns, ImportOptions options, Repeats repeats)
    {
        string item = row.Id(columns.Description);
        double quantity = row.Required(columns.Quantity, row.Number(columns.Quantity));
        DateTimeOffset moment = row.Required(columns.Date, row.Moment(columns.Date, TimeFormat.Iso, options.LatestAllowed));
        decimal price = row.Required(columns.Price, row.Price(columns.Price));
        if (quantity == 0) row.Reject(columns.Quantity, "is 0; give the units sold, or those returned with a minus");
        string minute = moment.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        Person person = row.Span(columns.Customer).IsEmpty
            ? Person.Visitor($"{minute} {row.Text(columns.Country)}")
            : Person.Customer(row.Id(columns.Customer));
        if (row.Rejection is { } rejection) return rejection;

        string type = quantity < 0 ? EventTypes.Return : EventTypes.Purchase;
        string basket = person.Kind == PersonKind.Visitor ? person.Id : $"{minute} {person.Id}";
        return new EventRecord(row.Place, new ShopEvent
        {
            EventId = $"online-retail:{basket}:{type}{repeats.Suffix(group: minute, $"{basket}:{type}:{item}")}:{item}",
            Type = type,
            Person = person,
            ItemId = item,
            Quantity = Math.Abs(quantity),
            Price = price,
            Currency = "GBP",
            OrderId = basket,
            OccurredAt = moment,
        });
    }

    private readonly record struct Columns(int Description, int Quantity, int Date, int Price, int Customer, int Country);
}
