using System.Text;

namespace Recommender.Cli.Importing;

/// <summary>The form of a file of columns.</summary>
/// <param name="Delimiter">What separates two columns.</param>
internal sealed record DelimitedFormat(char Delimiter)
{
    public static readonly DelimitedFormat Csv = new(',');

    /// <summary>The names of the columns where the file's first line does not hold them.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether a column may stand in double quotes (RFC 4180), and so hold delimiters and line ends.</summary>
    public bool Quoted { get; init; } = true;

    /// <summary>What stands for "not known", besides nothing at all.</summary>
    public string Absent { get; init; } = "";

    public Encoding Encoding { get; init; } = InvalidBytes.MarkingUtf8;

    /// <summary>A line may have more columns than named ones (a trailing delimiter).</summary>
    public bool ExtraColumns { get; init; }
}
