using System.Text;

namespace Recommender.Cli.Importing;

internal enum SplitStatus { Whole, OpenQuote, TextAfterQuote }

/// <summary>Splits a row into its columns, by RFC 4180 where the format has quotes.</summary>
internal sealed class FieldSplitter(DelimitedFormat format)
{
    private readonly List<ReadOnlyMemory<char>> _fields = [];

    public IReadOnlyList<ReadOnlyMemory<char>> Fields => _fields;

    public SplitStatus Split(string row)
    {
        _fields.Clear();
        bool quotes = format.Quoted && row.Contains('"');
        for (int start = 0; ;)
        {
            if (quotes && start < row.Length && row[start] == '"')
            {
                SplitStatus status = TakeQuoted(row, ref start);
                if (status != SplitStatus.Whole) return status;
                if (start >= row.Length) return SplitStatus.Whole;
                start++;
                continue;
            }
            int length = row.AsSpan(start).IndexOf(format.Delimiter);
            if (length < 0)
            {
                _fields.Add(row.AsMemory(start));
                return SplitStatus.Whole;
            }
            _fields.Add(row.AsMemory(start, length));
            start += length + 1;
        }
    }

    /// <summary>Takes the quoted column that begins at <paramref name="start"/> and moves to the delimiter or the end behind it.</summary>
    private SplitStatus TakeQuoted(string row, ref int start)
    {
        int begin = start + 1;
        StringBuilder? unescaped = null;
        for (int i = begin; ;)
        {
            int quote = row.IndexOf('"', i);
            if (quote < 0) return SplitStatus.OpenQuote;
            if (quote + 1 < row.Length && row[quote + 1] == '"')
            {
                (unescaped ??= new StringBuilder()).Append(row, begin, quote + 1 - begin);
                begin = i = quote + 2;
                continue;
            }
            _fields.Add(unescaped is null
                ? row.AsMemory(begin, quote - begin)
                : unescaped.Append(row, begin, quote - begin).ToString().AsMemory());
            start = quote + 1;
            return start == row.Length || row[start] == format.Delimiter ? SplitStatus.Whole : SplitStatus.TextAfterQuote;
        }
    }
}
