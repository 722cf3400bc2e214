namespace Recommender.Cli.Importing;

/// <summary>A line of an adjacency file: a customer and the items they chose. The same object for every line.</summary>
internal sealed class AdjacencyLine
{
    private readonly List<string> _items = [];

    public Place Place { get; private set; }

    public string Customer { get; set; } = "";

    public IReadOnlyList<string> Items => _items;

    public RejectedLine? Rejection { get; set; }

    public void Add(string item) => _items.Add(item);

    public void StartAt(Place place)
    {
        (Place, Customer, Rejection) = (place, "", null);
        _items.Clear();
    }
}

/// <summary>
/// Reads lines <c>customer item item ...</c>, separated by blanks or TABs: the form of LightGCN's data sets, and of files of pairs.
/// A customer without items is a line like any other.
/// </summary>
internal static class AdjacencyFile
{
    /// <param name="pairs">Whether every line must name exactly one item.</param>
    public static IEnumerable<AdjacencyLine> Read(SourceFiles files, string name, bool pairs)
    {
        using var lines = new LineReader(files.Open(name), InvalidBytes.MarkingUtf8);
        var line = new AdjacencyLine();
        LineStatus status;
        while ((status = lines.Read(out string text)) != LineStatus.End)
        {
            line.StartAt(new Place(name, lines.Line));
            if (status == LineStatus.TooLong) Reject(line, text, $"is longer than {LineReader.MaxLength:N0} characters; split it");
            else if (status == LineStatus.Broken)
                Reject(line, text, "is where the compressed file breaks off or is damaged; copy it again");
            else if (text.AsSpan().IsWhiteSpace()) continue;
            else Take(line, text, pairs);
            yield return line;
        }
    }

    private static void Take(AdjacencyLine line, string text, bool pairs)
    {
        if (text.Contains(InvalidBytes.Mark)) Reject(line, text, "is not valid UTF-8; convert the file to UTF-8");
        foreach (Range range in text.AsSpan().SplitAny(' ', '\t'))
        {
            string id = text[range];
            if (id.Length == 0) continue;
            if (Identifier.ProblemWith(id) is { } problem) Reject(line, id, $"holds an id that {problem}");
            if (line.Customer.Length == 0) line.Customer = id;
            else line.Add(id);
        }
        if (pairs && line.Items.Count != 1)
            Reject(line, text, $"names {line.Items.Count} items; write one customer and one item a line");
    }

    private static void Reject(AdjacencyLine line, string value, string problem) =>
        line.Rejection ??= new RejectedLine(line.Place, "", DelimitedRow.Shown(value), problem);
}
