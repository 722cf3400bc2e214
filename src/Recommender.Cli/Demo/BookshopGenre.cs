using System.Collections.Immutable;

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
internal sealed record BookshopSubgenre(string Name, ImmutableArray<string> Patterns, ImmutableDictionary<string, ImmutableArray<string>> Words,
    string SeriesName)
{
    /// <param name="patterns">Separated by "|".</param>
    /// <param name="words">Lines <c>slot: word|word|word</c>.</param>
    public static BookshopSubgenre Of(string name, string patterns, string words, string series = "") => new(name,
        [.. patterns.Split('|', StringSplitOptions.TrimEntries)],
        words.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .ToImmutableDictionary(line => line[0], line => line[1].Split('|', StringSplitOptions.TrimEntries).ToImmutableArray()),
        series);
}
