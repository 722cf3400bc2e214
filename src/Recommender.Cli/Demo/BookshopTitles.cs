using System.Text.RegularExpressions;

namespace Recommender.Cli.Demo;

/// <summary>The name of a series and the words that stand in it.</summary>
internal sealed record BookshopSeries(string Name, Dictionary<string, string> Words);

/// <summary>Makes up titles from a subgenre's patterns and words, none of them twice.</summary>
internal sealed partial class BookshopTitles(Random random)
{
    private const int Attempts = 200;

    private readonly HashSet<string> _used = [];

    /// <param name="series">The words of the series the book belongs to; its title keeps to them while there are titles left.</param>
    public string Next(BookshopSubgenre subgenre, BookshopSeries? series)
    {
        for (int attempt = 0; ; attempt++)
        {
            string pattern = subgenre.Patterns[random.Next(subgenre.Patterns.Length)];
            string title = Fill(pattern, subgenre, attempt < Attempts && series is not null ? new(series.Words) : []);
            // Past all attempts the vocabulary is used up, and the shelf holds sequels.
            if (attempt > 2 * Attempts) title += $", Part {attempt - 2 * Attempts + 1}";
            if (_used.Add(title)) return title;
        }
    }

    /// <summary>A name for a series that no other has, or null if none is left; its words then stand in its books' titles.</summary>
    public BookshopSeries? NextSeries(BookshopSubgenre subgenre)
    {
        if (subgenre.SeriesName.Length == 0) return null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var words = new Dictionary<string, string>();
            string name = Fill(subgenre.SeriesName, subgenre, words);
            if (_used.Add(name)) return new BookshopSeries(name, words);
        }
        return null;
    }

    /// <summary>
    /// A pattern with words in its slots: the given words, and drawn ones that are added to them. A slot with an s behind it is put in the
    /// plural; "a" becomes "an" before a vowel.
    /// </summary>
    private string Fill(string pattern, BookshopSubgenre subgenre, Dictionary<string, string> words)
    {
        string filled = Slot().Replace(pattern, match =>
        {
            string slot = match.Groups["slot"].Value;
            if (!words.TryGetValue(slot, out string? word))
                words.Add(slot, word = subgenre.Words[slot][random.Next(subgenre.Words[slot].Length)]);
            return match.Groups["plural"].Success ? Plural(word) : word;
        });
        filled = BeforeVowel().Replace(filled, "${article}n ").Replace("The the ", "The ", StringComparison.Ordinal);
        return char.IsLower(filled[0]) ? char.ToUpperInvariant(filled[0]) + filled[1..] : filled;
    }

    private static string Plural(string word) => word switch
    {
        [.., 'c' or 's', 'h'] or [.., 's'] or [.., 'x'] => word + "es",
        [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => word[..^1] + "ies",
        _ => word + "s",
    };

    [GeneratedRegex(@"\{(?<slot>\w+)\}(?<plural>s\b)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Slot();

    [GeneratedRegex(@"\b(?<article>[Aa]) (?=[AEIOU])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BeforeVowel();
}
