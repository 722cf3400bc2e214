namespace Recommender;

/// <summary>Finds what somebody probably meant, for error messages that help.</summary>
public static class Spelling
{
    /// <summary>
    /// The known word with the least edit distance (case ignored), the first of them among equals; null where none is near enough
    /// to be a slip: more than a third of the letters wrong.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance >= least || distance * 3 > Math.Max(word.Length, candidate.Length) + 2) continue;
            (nearest, least) = (candidate, distance);
        }
        return nearest;
    }

    /// <summary>", did you mean 'x'?" or nothing, to end an error message with.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Nearest(word, known) is { } nearest ? $", did you mean '{nearest}'?" : ".";

    // Levenshtein distance, one row of the table at a time.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
