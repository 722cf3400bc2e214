using System.Globalization;

namespace Recommender.Cli.Importing;

/// <summary>
/// One row and its columns by type. What is wrong is kept in <see cref="Rejection"/>, the first fault only, and a column at fault answers
/// a harmless value: a reader takes every column it needs and asks once at the end whether the row was good.
/// </summary>
internal sealed class DelimitedRow(IReadOnlyList<string> columns, DelimitedFormat format)
{
    private const int ShownLength = 80;

    private readonly FieldSplitter _fields = new(format);
    private string _text = "";

    public Place Place { get; private set; }

    /// <summary>Why the row is no good; null if nothing wrong was seen so far.</summary>
    public RejectedLine? Rejection { get; private set; }

    public SplitStatus Read(Place place, string text)
    {
        (Place, _text, Rejection) = (place, text, null);
        SplitStatus status = _fields.Split(text);
        if (status == SplitStatus.TextAfterQuote) RejectWhole("has text behind a closing quote; double the quotes inside quotes");
        int found = _fields.Fields.Count;
        if (status != SplitStatus.Whole || found == columns.Count || (found > columns.Count && format.ExtraColumns)) return status;
        string advice = found < columns.Count
            ? $"it is truncated before \"{columns[found]}\" or has another separator; complete it"
            : "quote what contains the separator";
        RejectWhole($"has {found} columns instead of {columns.Count}: {advice}");
        return status;
    }

    public DelimitedRow Unreadable(Place place, string text, string problem)
    {
        (Place, _text, Rejection) = (place, text, null);
        RejectWhole(problem);
        return this;
    }

    /// <summary>The column as it stands, without blanks around it; empty where it is absent.</summary>
    public ReadOnlySpan<char> Span(int column)
    {
        if (column < 0 || column >= _fields.Fields.Count) return default;
        ReadOnlySpan<char> value = _fields.Fields[column].Span.Trim();
        if (value.Contains(InvalidBytes.Mark)) Reject(column, "is not valid UTF-8; convert the file to UTF-8");
        return format.Absent.Length > 0 && value.SequenceEqual(format.Absent) ? default : value;
    }

    public string Text(int column) => Span(column) is { IsEmpty: false } text ? text.ToString() : "";

    public string? Optional(int column) => Span(column) is { IsEmpty: false } text ? text.ToString() : null;

    /// <summary>true, yes, 1 or false, no, 0, or null where the column is absent.</summary>
    public bool? Flag(int column)
    {
        switch (Text(column).ToLowerInvariant())
        {
            case "":
                return null;
            case "true" or "yes" or "1":
                return true;
            case "false" or "no" or "0":
                return false;
            default:
                Reject(column, "is neither true nor false");
                return null;
        }
    }

    public string Id(int column)
    {
        string id = Span(column).ToString();
        if (Rejection is null && Identifier.ProblemWith(id) is { } problem) Reject(column, problem);
        return id;
    }

    /// <summary>A finite number, or null where the column is absent.</summary>
    public double? Number(int column)
    {
        ReadOnlySpan<char> text = Span(column);
        if (text.IsEmpty) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number;
        Reject(column, "is not a number; write digits with a decimal point");
        return null;
    }

    /// <summary>A price of one unit, zero or more, or null where the column is absent.</summary>
    public decimal? Price(int column)
    {
        ReadOnlySpan<char> text = Span(column);
        if (text.IsEmpty) return null;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal price))
            Reject(column, "is not a price; write digits with a decimal point");
        else if (price < 0) Reject(column, "is a negative price; write a return as an event of the type \"return\"");
        return price;
    }

    /// <summary>Stars from 0 to 5, or null where the column is absent.</summary>
    public double? Rating(int column)
    {
        double? rating = Number(column);
        if (rating is < 0 or > 5) Reject(column, "is not between 0 and 5 stars; scale the ratings");
        return rating;
    }

    /// <summary>A moment that is not after <paramref name="latest"/>, or null where the column is absent.</summary>
    public DateTimeOffset? Moment(int column, TimeFormat times, DateTimeOffset latest)
    {
        ReadOnlySpan<char> text = Span(column);
        if (text.IsEmpty) return null;
        if (!Moments.TryParse(text, times, out DateTimeOffset moment)) Reject(column, Moments.Advice(times));
        else if (moment > latest) Reject(column, $"lies in the future ({moment:u}); check the time and its unit");
        return moment;
    }

    /// <summary>The value of a column that may not be absent.</summary>
    public T Required<T>(int column, T? value) where T : struct
    {
        if (value is null) Reject(column, "is missing; fill it in");
        return value.GetValueOrDefault();
    }

    /// <summary>Units bought or returned, above zero; one where the column is absent.</summary>
    public double Quantity(int column)
    {
        double quantity = Number(column) ?? 1;
        if (quantity <= 0) Reject(column, "is not above 0; write what came back as an event of the type \"return\"");
        return quantity;
    }

    public void Reject(int column, string problem)
    {
        string value = column >= 0 && column < _fields.Fields.Count ? _fields.Fields[column].ToString() : "";
        Rejection ??= new RejectedLine(Place, column >= 0 && column < columns.Count ? columns[column] : "", Shown(value), problem);
    }

    private void RejectWhole(string problem) => Rejection ??= new RejectedLine(Place, "", Shown(_text), problem);

    /// <summary>Shortened, with control characters and undecodable bytes made visible, so that it can be printed.</summary>
    public static string Shown(string value)
    {
        string cut = value.Length > ShownLength ? value[..ShownLength] + "..." : value;
        return string.Concat(cut.Select(c => c switch
        {
            InvalidBytes.Mark => "\uFFFD",
            _ when char.IsControl(c) => $"\\u{(int)c:X4}",
            _ => c.ToString(),
        }));
    }
}
