namespace Recommender.Cli.Importing;

/// <summary>
/// Reads a file of columns row by row. A row that breaks off costs itself only: where a quote is not closed, or a row over several lines
/// does not come out even, its first line is rejected and reading goes on with the second.
/// </summary>
internal sealed class DelimitedFile : IDisposable
{
    /// <summary>A quoted column may hold that many line ends; beyond, the quote is taken for one that was never closed.</summary>
    private const int MaxLinesPerRow = 64;

    private readonly LineReader _lines;
    private readonly DelimitedRow _row;
    private readonly string _name;

    public DelimitedFile(SourceFiles files, string name, DelimitedFormat format)
    {
        _name = name;
        _lines = new LineReader(files.Open(name), format.Encoding);
        IReadOnlyList<string> columns = format.Columns ?? [];
        if (format.Columns is null)
        {
            if (_lines.Read(out string header) != LineStatus.Read)
            {
                _lines.Dispose();
                throw new ImportException($"{name} is empty or unreadable; its first line must name the columns");
            }
            var fields = new FieldSplitter(format);
            fields.Split(header);
            if (header.AsSpan().ContainsAny(InvalidBytes.Mark, '\0'))
            {
                _lines.Dispose();
                throw new ImportException($"the first line of {name} is not UTF-8; convert the file to UTF-8");
            }
            columns = [.. fields.Fields.Select(field => field.ToString().Trim())];
        }
        Columns = columns;
        _row = new DelimitedRow(columns, format);
    }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>The position of a column that must be there.</summary>
    public int Column(string name) => Find(name) is int column and >= 0 ? column : throw new ImportException(
        $"{_name} has no column \"{name}\"{NearestName.Hint(name, Columns)}; its columns are {string.Join(", ", Columns)}");

    /// <summary>The position of a column, or -1.</summary>
    public int Find(string name)
    {
        for (int i = 0; i < Columns.Count; i++)
            if (string.Equals(Columns[i], name, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    /// <summary>The rows, one after the other in the same object. A row that is not one carries its rejection.</summary>
    public IEnumerable<DelimitedRow> Rows()
    {
        while (true)
        {
            switch (_lines.Read(out string line))
            {
                case LineStatus.End:
                    yield break;
                case LineStatus.TooLong:
                    yield return _row.Unreadable(Here, line, $"is longer than {LineReader.MaxLength:N0} characters; split it");
                    break;
                case LineStatus.Broken:
                    yield return _row.Unreadable(Here, "", "is where the compressed file breaks off or is damaged; copy it again");
                    break;
                default:
                    if (line.Length > 0) yield return ReadRow(line);
                    break;
            }
        }
    }

    public void Dispose() => _lines.Dispose();

    private Place Here => new(_name, _lines.Line);

    private DelimitedRow ReadRow(string first)
    {
        Place place = Here;
        if (_row.Read(place, first) != SplitStatus.OpenQuote) return _row;
        var joined = new List<string> { first };
        var status = LineStatus.Read;
        string next = "";
        while (joined.Count < MaxLinesPerRow && (status = _lines.Read(out next)) == LineStatus.Read)
        {
            joined.Add(next);
            if (_row.Read(place, string.Join('\n', joined)) == SplitStatus.OpenQuote) continue;
            if (_row.Rejection is null) return _row;
            break;
        }
        if (status != LineStatus.Read) _lines.PutBack(status, next);
        for (int i = joined.Count - 1; i > 0; i--) _lines.PutBack(LineStatus.Read, joined[i]);
        return _row.Unreadable(place, first, "opens a quote and does not close it, or is truncated; complete it");
    }
}
