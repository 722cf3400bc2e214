namespace Recommender;

/// <summary>The known name somebody probably meant, for "did you mean" in errors.</summary>
public static class NearestName
{
    // Longer names are paths or garbage: comparing them would cost more than the hint is worth.
    private const int LongestName = 256;

    /// <summary><c>; did you mean "x"?</c> to end an error with, or nothing where no name is near.</summary>
    public static string Hint(string name, IEnumerable<string> known) => Of(name, known) is { } nearest ? $"; did you mean \"{nearest}\"?" : "";

    /// <summary>
    /// The known name with the fewest typing slips (a letter too many, missing, wrong or swapped with its neighbour; Damerau 1964, in the
    /// optimal string alignment form), letter case aside; the first of equals. Null where more than a third of the letters would be wrong.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        if (name.Length is 0 or > LongestName) return null;

        string? nearest = null;
        int allowed = Math.Max(1, name.Length / 3) + 1;
        int[] rows = new int[3 * (name.Length + 1)];
        foreach (string candidate in known)
        {
            if (candidate.Length is 0 or > LongestName || Math.Abs(candidate.Length - name.Length) >= allowed) continue;
            int slips = Slips(name, candidate, rows);
            if (slips >= allowed || slips >= Math.Max(name.Length, candidate.Length)) continue;
            nearest = candidate;
            allowed = slips;
            if (slips == 0) break;
        }
        return nearest;
    }

    private static int Slips(string name, string candidate, int[] rows)
    {
        int width = name.Length + 1;
        Span<int> before = rows.AsSpan(0, width), above = rows.AsSpan(width, width), row = rows.AsSpan(2 * width, width);
        for (int j = 0; j < width; j++) above[j] = j;
        for (int i = 1; i <= candidate.Length; i++)
        {
            char letter = Folded(candidate[i - 1]);
            row[0] = i;
            for (int j = 1; j < width; j++)
            {
                char other = Folded(name[j - 1]);
                int slips = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (letter == other ? 0 : 1));
                if (i > 1 && j > 1 && letter == Folded(name[j - 2]) && other == Folded(candidate[i - 2]))
                    slips = Math.Min(slips, before[j - 2] + 1);
                row[j] = slips;
            }
            Span<int> free = before;
            before = above;
            above = row;
            row = free;
        }
        return above[width - 1];
    }

    private static char Folded(char letter) => char.ToLowerInvariant(letter);
}
