using System.Collections.Immutable;

namespace Recommender.Cli.Importing;

/// <summary>
/// Which column of a CSV file holds what: <c>customer=CustomerID,item=Sku,item.title=Description,customer.country=Country</c>.
/// </summary>
internal sealed class ColumnMap
{
    /// <summary>The fields of an event, each with the column names it is guessed by; case, "_", "-" and blanks do not count.</summary>
    public static readonly ImmutableArray<(string Field, string[] Guesses)> Fields =
    [
        ("customer", ["customer", "customerid", "user", "userid", "householdid"]),
        ("visitor", ["visitor", "visitorid", "sessionid", "anonymousid"]),
        ("item", ["item", "itemid", "product", "productid", "sku"]),
        ("type", ["type", "eventtype", "event", "feedbacktype", "interactiontype"]),
        ("time", ["time", "timestamp", "occurredat", "date", "datetime", "eventtime", "invoicedate"]),
        ("price", ["price", "unitprice"]),
        ("quantity", ["quantity", "qty"]),
        ("currency", ["currency"]),
        ("rating", ["rating", "stars"]),
        ("channel", ["channel"]),
        ("order", ["order", "orderid", "basketid", "invoiceno"]),
        ("event", ["eventid"]),
        ("recommendation", ["recommendation", "recommendationid", "recommid"]),
    ];

    public static readonly ColumnMap Empty = new([], "");

    private readonly ImmutableArray<KeyValuePair<string, string>> _columns;
    private readonly string _text;

    private ColumnMap(ImmutableArray<KeyValuePair<string, string>> columns, string text) => (_columns, _text) = (columns, text);

    /// <summary>Attributes of items ("item.title") or customers ("customer.country"), with the columns that hold them.</summary>
    public IEnumerable<(string Attribute, string Kind, string Column)> Attributes(string of) =>
        from pair in _columns
        where pair.Key.StartsWith(of + ".", StringComparison.Ordinal)
        let parts = pair.Key[(of.Length + 1)..].Split(':')
        select (parts[0], parts.Length > 1 ? parts[1] : "text", pair.Value);

    /// <summary>The column named for a field, or null where the map does not name it.</summary>
    public string? Named(string field) => _columns.FirstOrDefault(pair => pair.Key == field).Value;

    /// <exception cref="ImportException">A part is not <c>field=Column</c>, or there is no such field.</exception>
    public static ColumnMap Parse(string text)
    {
        var columns = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            if (equals <= 0 || equals == part.Length - 1)
                throw new ImportException($"\"{part}\" in the column map is not field=Column; write customer=CustomerID,item=Sku");
            string field = part[..equals].Trim();
            Check(field);
            if (columns.Any(pair => pair.Key == field)) throw new ImportException($"the column map names the field \"{field}\" twice");
            columns.Add(new(field, part[(equals + 1)..].Trim()));
        }
        return new ColumnMap(columns.ToImmutable(), text);
    }

    public override string ToString() => _text;

    private static void Check(string field)
    {
        string[] kinds = ["text", "number", "flag", "time", "list"];
        int dot = field.IndexOf('.');
        if (dot > 0 && field[..dot] is ("item" or "customer"))
        {
            string[] parts = field[(dot + 1)..].Split(':');
            if (parts.Length == 2 && !kinds.Contains(parts[1]))
                throw new ImportException($"\"{parts[1]}\" is not a kind of attribute{NearestName.Hint(parts[1], kinds)}; "
                    + $"the kinds are {string.Join(", ", kinds)}");
            if (parts.Length <= 2 && parts[0].Length > 0) return;
        }
        string[] fields = [.. Fields.Select(known => known.Field)];
        if (!fields.Contains(field))
            throw new ImportException($"\"{field}\" in the column map is not a field{NearestName.Hint(field, fields)}; the fields are "
                + $"{string.Join(", ", fields)}, and item.NAME or customer.NAME for attributes");
    }
}
