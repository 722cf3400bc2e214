namespace Recommender.Cli.Importing;

/// <summary>The name somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>" (did you mean "x"?)", or nothing where no name is near.</summary>
    public static string Hint(string name, IEnumerable<string> names) =>
        Of(name, names) is { } nearest ? $" (did you mean \"{nearest}\"?)" : "";

    /// <summary>The name with the fewest edits, if those are no more than half of the letters.</summary>
    public static string? Of(string name, IEnumerable<string> names) => names
        .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(pair => pair.distance <= Math.Max(name.Length, pair.candidate.Length) / 2)
        .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
        .Select(pair => pair.candidate).FirstOrDefault();

    // Levenshtein's distance, one row of the table at a time.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
