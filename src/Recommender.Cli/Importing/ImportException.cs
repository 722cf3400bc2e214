namespace Recommender.Cli.Importing;

/// <summary>A source that cannot be read at all: a file or a column is missing, an option is wrong. Nothing was imported from it.</summary>
internal sealed class ImportException : Exception
{
    public ImportException()
    {
    }

    public ImportException(string message) : base(message)
    {
    }

    public ImportException(string message, Exception inner) : base(message, inner)
    {
    }
}
