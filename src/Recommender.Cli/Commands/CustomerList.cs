using System.Globalization;
using Recommender.Cli.Terminal;

namespace Recommender.Cli.Commands;

/// <summary>A file of customers' ids, one a line.</summary>
internal static class CustomerList
{
    /// <exception cref="InputException">It names nobody, which would be taken for everybody; or a line is no id.</exception>
    public static async Task<string[]> ReadAsync(FileInfo file, CancellationToken cancellation)
    {
        var ids = new List<string>();
        int line = 0;
        await foreach (string text in File.ReadLinesAsync(file.FullName, cancellation))
        {
            line++;
            string id = text.Trim();
            if (id.Length == 0) continue;
            if (Identifier.ProblemWith(id) is { } problem)
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}, line {line}: the id {problem}"));
            ids.Add(id);
        }
        return ids.Count > 0 ? [.. ids] : throw new InputException($"{file.FullName} names nobody; write an id a line");
    }
}
