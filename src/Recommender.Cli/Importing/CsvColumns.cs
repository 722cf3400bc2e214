using Recommender.Catalogue;

namespace Recommender.Cli.Importing;

/// <summary>Which columns of one file hold what: those the user named, and those whose names tell it. -1 where there is none.</summary>
internal sealed class CsvColumns
{
    private readonly Dictionary<string, int> _columns = [];
    private readonly List<(string Name, string Kind, int Column)> _item = [], _customer = [];

    /// <exception cref="ImportException">The map names a column that the file does not have.</exception>
    public CsvColumns(DelimitedFile file, ColumnMap map)
    {
        foreach (var (field, guesses) in ColumnMap.Fields)
            _columns[field] = map.Named(field) is { } named ? file.Column(named) : Guess(file.Columns, guesses);
        foreach (var (name, kind, column) in map.Attributes("item")) _item.Add((name, kind, file.Column(column)));
        foreach (var (name, kind, column) in map.Attributes("customer")) _customer.Add((name, kind, file.Column(column)));
    }

    public int this[string field] => _columns[field];

    public bool Has(string field) => _columns[field] >= 0;

    public bool HasItemAttributes => _item.Count > 0;

    public bool HasCustomerAttributes => _customer.Count > 0;

    public Attributes ItemAttributes(DelimitedRow row, DateTimeOffset latest) => Take(row, _item, latest);

    public Attributes CustomerAttributes(DelimitedRow row, DateTimeOffset latest) => Take(row, _customer, latest);

    private static Attributes Take(DelimitedRow row, List<(string Name, string Kind, int Column)> columns, DateTimeOffset latest)
    {
        var attributes = new Attributes();
        foreach (var (name, kind, column) in columns)
        {
            switch (kind)
            {
                case "number":
                    attributes.Number(name, row.Number(column));
                    break;
                case "list":
                    attributes.List(name, row.Text(column).Split('|', ';'));
                    break;
                case "flag" when row.Flag(column) is bool flag:
                    attributes.Set(name, new AttributeValue.Flag(flag));
                    break;
                case "time" when row.Moment(column, TimeFormat.Any, latest.AddYears(100)) is { } moment:
                    attributes.Set(name, new AttributeValue.Instant(moment));
                    break;
                case "text":
                    attributes.Text(name, row.Text(column));
                    break;
            }
        }
        return attributes;
    }

    // The first guess that a column answers to, so that "itemid" wins over "product" where a file has both.
    private static int Guess(IReadOnlyList<string> columns, string[] guesses)
    {
        string[] plain = [.. columns.Select(column => column.Replace("_", "").Replace("-", "").Replace(" ", ""))];
        return guesses.Select(guess => Array.FindIndex(plain, column => column.Equals(guess, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(found => found >= 0, -1);
    }
}
