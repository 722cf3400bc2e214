using System.Collections.Frozen;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>
/// The Complete Journey of 84.51 degrees: a grocer's purchases by household, with the households' demographics. A price is the sales value
/// by the quantity. Fuel, coupons and the store's own bookkeeping are left out, as are lines of quantity 0.
/// </summary>
internal static class CompleteJourneySource
{
    public const string NotGoods = "fuel, coupons and bookkeeping";
    public const string NoQuantity = "lines of quantity 0";

    private static readonly string[] _transactions = ["transactions.csv", "transactions_sample.csv", "transactions_sample_old.csv"];

    public static readonly ImportSource Source = new("complete-journey",
        "The Complete Journey: a grocer's purchases, products and households",
        [
            new("products.csv", "product_id, department, brand, ..."), new("demographics.csv", "household_id, age, income, ..."),
            .. _transactions.Select(name => new ExpectedFile(name, "household_id, basket_id, product_id, quantity, ...", Required: false)),
        ], Read);

    private static readonly FrozenSet<string> _notMerchandise = new[]
    {
        "FUEL", "MISCELLANEOUS", "COUPON", "CNTRL/STORE SUP", "POSTAL CENTER", "GM MERCH EXP", "CHARITABLE CONT", "PROD-WHS SALES",
    }.ToFrozenSet();

    private static readonly DelimitedFormat _format = new(',') { Absent = "NA" };

    private static readonly string[] _demographics =
        ["age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count"];

    private static IEnumerable<ImportRecord> Read(SourceFiles files, ImportOptions options)
    {
        string transactions = _transactions.FirstOrDefault(files.Has)
            ?? throw new ImportException($"the folder {files.Path} has none of {string.Join(", ", _transactions)} (or .gz)");
        var notGoods = new HashSet<string>();
        return Products(files, notGoods).Concat(Households(files)).Concat(Purchases(files, transactions, notGoods, options));
    }

    private static IEnumerable<ImportRecord> Products(SourceFiles files, HashSet<string> notGoods)
    {
        using var file = new DelimitedFile(files, "products.csv", _format);
        int id = file.Column("product_id"), department = file.Column("department"), brand = file.Find("brand");
        int category = file.Find("product_category"), type = file.Find("product_type"), size = file.Find("package_size");
        int manufacturer = file.Find("manufacturer_id");
        foreach (DelimitedRow row in file.Rows())
        {
            string product = row.Id(id), name = row.Text(type) is { Length: > 0 } kind ? kind : row.Text(category);
            string[] title = [.. new[] { name, row.Text(size) }.Where(part => part.Length > 0)];
            var item = new Item(product)
            {
                Attributes = new Attributes()
                    .Text("title", string.Join(", ", title)).Text("department", row.Text(department)).Text("brand", row.Text(brand))
                    .Text("category", row.Text(category)).Text("type", row.Text(type)).Text("package_size", row.Text(size))
                    .Text("manufacturer", row.Text(manufacturer)).Build(),
            };
            if (row.Rejection is { } rejection)
            {
                yield return rejection;
                continue;
            }
            if (!_notMerchandise.Contains(row.Text(department)))
            {
                yield return new ItemRecord(row.Place, item);
                continue;
            }
            notGoods.Add(product);
            yield return new LeftOutLine(row.Place, NotGoods);
        }
    }

    private static IEnumerable<ImportRecord> Households(SourceFiles files)
    {
        using var file = new DelimitedFile(files, "demographics.csv", _format);
        int id = file.Column("household_id");
        (string Name, int Column)[] attributes = [.. _demographics.Select(name => (name, file.Find(name)))];
        foreach (DelimitedRow row in file.Rows())
        {
            var stated = new Attributes();
            foreach (var (name, column) in attributes) stated.Text(name, row.Text(column));
            var customer = new Customer(row.Id(id)) { Attributes = stated.Build() };
            yield return row.Rejection ?? (ImportRecord)new CustomerRecord(row.Place, customer);
        }
    }

    private static IEnumerable<ImportRecord> Purchases(SourceFiles files, string name, HashSet<string> notGoods, ImportOptions options)
    {
        using var file = new DelimitedFile(files, name, _format);
        int household = file.Column("household_id"), basket = file.Column("basket_id"), product = file.Column("product_id");
        int units = file.Column("quantity"), sales = file.Column("sales_value"), time = file.Column("transaction_timestamp");
        foreach (DelimitedRow row in file.Rows())
        {
            string item = row.Id(product), customer = row.Id(household), order = row.Id(basket);
            double quantity = row.Required(units, row.Number(units));
            decimal value = row.Required(sales, row.Price(sales));
            DateTimeOffset moment = row.Required(time, row.Moment(time, TimeFormat.Iso, options.LatestAllowed));
            if (quantity < 0) row.Reject(units, "is negative; this source has no returns");
            if (row.Rejection is { } rejection) yield return rejection;
            else if (quantity == 0) yield return new LeftOutLine(row.Place, NoQuantity);
            else if (notGoods.Contains(item)) yield return new LeftOutLine(row.Place, NotGoods);
            else
            {
                yield return new EventRecord(row.Place, new ShopEvent
                {
                    EventId = $"complete-journey:{order}:{item}",
                    Type = EventTypes.Purchase,
                    Person = Person.Customer(customer),
                    ItemId = item,
                    Quantity = quantity,
                    Price = Math.Round(value / (decimal)quantity, 4),
                    Currency = "USD",
                    Channel = "store",
                    OrderId = order,
                    OccurredAt = moment,
                });
            }
        }
    }
}
