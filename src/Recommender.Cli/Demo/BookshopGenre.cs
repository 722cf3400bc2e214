using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recommender.Cli.Demo;

/// <summary>A shelf of the shop: what its books are called and cost, and when they sell.</summary>
/// <param name="Share">Its part of the catalogue, compared with the other genres' shares.</param>
/// <param name="Cheapest">Euro.</param>
/// <param name="Dearest">Euro.</param>
/// <param name="Season">How much more (or less) it sells in each month, January first; 1 is as usual.</param>
internal sealed record BookshopGenre(string Name, double Share, double Cheapest, double Dearest, ImmutableArray<double> Season,
    ImmutableArray<BookshopSubgenre> Subgenres)
{
    /// <summary>The language its books are written in; ISO 639-1.</summary>
    public string Language { get; init; } = "en";

    public static readonly ImmutableArray<BookshopGenre> All =
        [.. BookshopFiction.Genres, .. BookshopWonders.Genres, .. BookshopYoungReaders.Genres, .. BookshopKnowledge.Genres,
            .. BookshopPractice.Genres, .. BookshopLanguages.Genres];
}

/// <summary>A part of a shelf with a vocabulary of its own.</summary>
/// <param name="Patterns">Titles with slots: <c>The {adj} {thing}</c>.</param>
/// <param name="Words">What can stand in a slot.</param>
/// <param name="SeriesName">A name for a series with slots, or empty where books stand alone.</param>
internal sealed partial record BookshopSubgenre(string Name, ImmutableArray<string> Patterns,
    ImmutableDictionary<string, ImmutableArray<string>> Words, string SeriesName)
{
    /// <param name="text">
    /// Lines <c>slot: word|word</c> with what can stand in a slot, and lines <c>title|title</c> with the patterns. A slot may take several
    /// lines.
    /// </param>
    public static BookshopSubgenre Of(string name, string text, string series = "")
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .ToLookup(line => WordLine().IsMatch(line));
        return new BookshopSubgenre(name, [.. lines[false].SelectMany(line => line.Split('|'))],
            lines[true].Select(line => line.Split(": ", 2)).GroupBy(line => line[0], line => line[1].Split('|'))
                .ToImmutableDictionary(slot => slot.Key, slot => slot.SelectMany(words => words).ToImmutableArray()),
            series);
    }

    [GeneratedRegex("^[a-z][a-z0-9]*: ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordLine();
}
