using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>
/// Any file of columns with a line of names. A file with people and items is a log of events; one with items alone a catalogue; one with
/// customers alone a list of customers. A line without an event id gets one from all it says, so that the same line twice is one event.
/// </summary>
internal static class CsvSource
{
    public static readonly ImportSource Source = new("csv", "Columns with a line of names: events, items or customers; see --columns",
        [new("events.csv", "a line an event, an item or a customer")], Read);

    private static readonly char[] _delimiters = [',', ';', '\t', '|'];

    private static IEnumerable<ImportRecord> Read(SourceFiles files, ImportOptions options)
    {
        string name = files.Single;
        using var file = new DelimitedFile(files, name, new DelimitedFormat(options.Delimiter ?? FindDelimiter(files, name)));
        var columns = new CsvColumns(file, options.Columns);
        bool people = columns.Has("customer") || columns.Has("visitor"), items = columns.Has("item");
        if (Missing(columns, people, items, options) is { } missing)
            throw new ImportException($"{name} {missing}; its columns are {string.Join(", ", file.Columns)}");

        var seenItems = new HashSet<string>();
        var seenCustomers = new HashSet<string>();
        foreach (DelimitedRow row in file.Rows())
        {
            ImportRecord? item = items && columns.HasItemAttributes ? Item(row, columns, options) : null;
            bool describesCustomer = columns.HasCustomerAttributes || !items;
            ImportRecord? customer = describesCustomer && !row.Span(columns["customer"]).IsEmpty ? Customer(row, columns, options) : null;
            ImportRecord? happened = people && items ? Event(row, columns, options) : null;
            if (row.Rejection is { } rejection)
            {
                yield return rejection;
                continue;
            }
            // Within a log of events the first line that names an item or a customer describes it.
            if (item is ItemRecord { Item.Id: var itemId } && (happened is null || seenItems.Add(itemId))) yield return item;
            if (customer is CustomerRecord { Customer.Id: var id } && (happened is null || seenCustomers.Add(id))) yield return customer;
            if (happened is not null) yield return happened;
        }
    }

    /// <summary>What the file lacks to be read at all, and how to say it; null if nothing.</summary>
    private static string? Missing(CsvColumns columns, bool people, bool items, ImportOptions options)
    {
        if (!people && !items) return "has no column that holds a customer or an item; name them (--columns customer=COLUMN,item=COLUMN)";
        if (people && items && columns.Has("price") && !columns.Has("currency") && options.Currency is null)
            return "has prices and does not say in which currency; name it (--currency EUR) or its column (--columns currency=COLUMN)";
        if (!people && !columns.HasItemAttributes)
            return "is a catalogue of which no attribute is named; name some (--columns item.title=COLUMN,item.year:number=COLUMN)";
        return null;
    }

    private static ItemRecord Item(DelimitedRow row, CsvColumns columns, ImportOptions options) =>
        new(row.Place, new Item(row.Id(columns["item"])) { Attributes = columns.ItemAttributes(row, options.LatestAllowed).Build() });

    private static CustomerRecord Customer(DelimitedRow row, CsvColumns columns, ImportOptions options) => new(row.Place,
        new Customer(row.Id(columns["customer"])) { Attributes = columns.CustomerAttributes(row, options.LatestAllowed).Build() });

    private static EventRecord Event(DelimitedRow row, CsvColumns columns, ImportOptions options)
    {
        Person person = row.Span(columns["customer"]).IsEmpty && columns.Has("visitor")
            ? Person.Visitor(row.Id(columns["visitor"]))
            : Person.Customer(row.Id(columns["customer"]));
        string type = Type(row, columns, options);
        decimal? price = row.Price(columns["price"]);
        var happened = new ShopEvent
        {
            EventId = "",
            Type = type,
            Person = person,
            ItemId = row.Id(columns["item"]),
            Quantity = row.Quantity(columns["quantity"]),
            Price = price,
            Currency = price is null ? null : row.Optional(columns["currency"]) ?? options.Currency,
            Rating = type == EventTypes.Rating ? row.Required(columns["rating"], row.Rating(columns["rating"])) : null,
            Channel = row.Optional(columns["channel"]),
            OrderId = row.Optional(columns["order"]),
            OccurredAt = columns.Has("time")
                ? row.Required(columns["time"], row.Moment(columns["time"], options.TimeFormat, options.LatestAllowed))
                : options.UnstatedTime,
            RecommendationId = row.Optional(columns["recommendation"]),
        };
        return new EventRecord(row.Place, happened with { EventId = columns.Has("event") ? row.Id(columns["event"]) : Id(happened) });
    }

    private static string Type(DelimitedRow row, CsvColumns columns, ImportOptions options)
    {
        string implied = options.DefaultType ?? (columns.Has("rating") ? EventTypes.Rating : EventTypes.Purchase);
        if (row.Optional(columns["type"]) is not { } stated) return implied;
        string? type = EventTypeNames.Find(stated, options, out string problem);
        if (type is null) row.Reject(columns["type"], problem);
        return type ?? implied;
    }

    private static string Id(ShopEvent e) => EventIds.Hash("csv", e.Type, e.Person.ToString(), e.ItemId, $"{e.Quantity:R}", $"{e.Price}",
        e.Currency, $"{e.Rating:R}", e.Channel, e.OrderId, $"{e.OccurredAt:O}", e.RecommendationId);

    /// <summary>The separator that the line of names has most of.</summary>
    private static char FindDelimiter(SourceFiles files, string name)
    {
        using var lines = new LineReader(files.Open(name), InvalidBytes.MarkingUtf8);
        lines.Read(out string header);
        return _delimiters.MaxBy(delimiter => header.Count(c => c == delimiter));
    }
}
